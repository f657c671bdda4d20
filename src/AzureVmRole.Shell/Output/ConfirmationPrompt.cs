using System.Management.Automation;
using AzureVmRole.Shell.Pipelines;

namespace AzureVmRole.Shell.Output;

/// <summary>Asks the user whether to go on.</summary>
internal sealed class ConfirmationPrompt
{
    private readonly ITerminal _terminal;

    public ConfirmationPrompt(ITerminal terminal)
    {
        _terminal = terminal;
    }

    /// <summary>Returns the answer.</summary>
    /// <exception cref="PipelineStoppedException">The user pressed Ctrl-C.</exception>
    public ConfirmAnswer Ask(string caption, string question, bool offersAll)
    {
        string all = offersAll ? "[A] Yes to All  [N] No  [L] No to All" : "[N] No";
        _terminal.WriteError($"{caption}\n{question}\n[Y] Yes  {all} (default is \"Y\"): ");
        while (true)
        {
            ConsoleKeyInfo key = _terminal.ReadKey();
            ConfirmAnswer? answer = key switch
            {
                { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } => throw Stopped(),
                { Key: ConsoleKey.Y or ConsoleKey.Enter } => ConfirmAnswer.Yes,
                { Key: ConsoleKey.A } when offersAll => ConfirmAnswer.YesToAll,
                { Key: ConsoleKey.N } => ConfirmAnswer.No,
                { Key: ConsoleKey.L } when offersAll => ConfirmAnswer.NoToAll,
                _ => null,
            };
            if (answer is { } given)
            {
                _terminal.WriteError(given + "\n");
                return given;
            }
        }
    }

    private PipelineStoppedException Stopped()
    {
        _terminal.WriteError("\n");
        return new PipelineStoppedException();
    }
}
