using AzureVmRole.HelpBuilder.Metadata;
using AzureVmRole.HelpBuilder.Pages;

namespace AzureVmRole.HelpBuilder.Checks;

/// <summary>Holds the pages against the cmdlets.</summary>
internal static class PageChecker
{
    /// <param name="folder">The folder of the pages, named where a page is missing.</param>
    /// <param name="cmdlets">The cmdlets.</param>
    /// <param name="pages">The pages.</param>
    /// <param name="errorIds">The error ids that a page may list; null leaves them unchecked.</param>
    public static IEnumerable<HelpProblem> Check(
        string folder, IReadOnlyList<CmdletEntry> cmdlets, IReadOnlyList<HelpPage> pages, IReadOnlySet<string>? errorIds)
    {
        foreach (CmdletEntry cmdlet in cmdlets.Where(cmdlet => pages.All(page => page.Name != cmdlet.Name)))
        {
            yield return new HelpProblem(Path.Combine(folder, cmdlet.Name + ".md"), 1, HelpCodes.PageMissing,
                $"The cmdlet {cmdlet.Name} has no help page.");
        }

        foreach (HelpPage page in pages)
        {
            CmdletEntry? cmdlet = cmdlets.FirstOrDefault(candidate => candidate.Name == page.Name);
            IEnumerable<HelpProblem> problems = cmdlet is null
                ? [new HelpProblem(page.File, 1, HelpCodes.CmdletUnknown, $"There is no cmdlet {page.Name}.")]
                : Check(cmdlet, page, errorIds);
            foreach (HelpProblem problem in problems)
            {
                yield return problem;
            }
        }

        IEnumerable<string> explained = pages.SelectMany(page => page.Errors).Select(error => error.Name);
        foreach (string id in (errorIds ?? new HashSet<string>(StringComparer.Ordinal)).Except(explained, StringComparer.Ordinal))
        {
            yield return new HelpProblem(folder, 1, HelpCodes.ErrorIdUnexplained, $"No page explains the error id {id}.");
        }
    }

    private static IEnumerable<HelpProblem> Check(CmdletEntry cmdlet, HelpPage page, IReadOnlySet<string>? errorIds) =>
    [
        .. CheckName(page), .. CheckTexts(page), .. CheckParameters(cmdlet, page), .. CheckExamples(page),
        .. CheckOutputs(cmdlet, page), .. CheckErrors(page, errorIds), .. CheckLinks(page),
    ];

    private static IEnumerable<HelpProblem> CheckName(HelpPage page)
    {
        if (Path.GetFileName(page.File) != page.Name + ".md")
        {
            yield return new HelpProblem(page.File, 1, HelpCodes.PageShape, $"The file must be called {page.Name}.md.");
        }
    }

    private static IEnumerable<HelpProblem> CheckTexts(HelpPage page)
    {
        (string Title, bool IsEmpty)[] sections =
        [
            ("Synopsis", page.Synopsis.Count == 0), ("Description", page.Description.Count == 0),
            ("Outputs", page.Outputs.Count == 0), ("Errors", page.Errors.Count == 0),
        ];
        foreach ((string title, _) in sections.Where(section => section.IsEmpty))
        {
            yield return new HelpProblem(page.File, LineOf(page, title), HelpCodes.TextMissing, $"{title} is missing or empty.");
        }

        foreach (PageParameter parameter in page.Parameters.Where(parameter => parameter.Text.Count == 0))
        {
            yield return new HelpProblem(page.File, parameter.Line, HelpCodes.TextMissing,
                $"The parameter -{parameter.Name} has no text.");
        }
    }

    private static IEnumerable<HelpProblem> CheckParameters(CmdletEntry cmdlet, HelpPage page)
    {
        foreach (ParameterEntry parameter in cmdlet.Parameters)
        {
            if (page.Parameters.All(described => described.Name != parameter.Name))
            {
                yield return new HelpProblem(page.File, LineOf(page, "Parameters"), HelpCodes.ParameterUndocumented,
                    $"The parameter -{parameter.Name} of {cmdlet.Name} is not described.");
            }
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (PageParameter described in page.Parameters)
        {
            if (cmdlet.Parameters.All(parameter => parameter.Name != described.Name) || !seen.Add(described.Name))
            {
                yield return new HelpProblem(page.File, described.Line, HelpCodes.ParameterUnknown,
                    $"{cmdlet.Name} has no parameter -{described.Name}, or it is described twice. "
                    + "(-WhatIf, -Confirm and the common parameters are not described in pages.)");
            }
        }
    }

    private static IEnumerable<HelpProblem> CheckExamples(HelpPage page)
    {
        if (page.Examples.Count == 0)
        {
            yield return new HelpProblem(page.File, LineOf(page, "Examples"), HelpCodes.ExampleMissing, "There is no example.");
        }

        foreach (PageExample example in page.Examples.Where(example => example.Code.Length == 0))
        {
            yield return new HelpProblem(page.File, example.Line, HelpCodes.ExampleMissing,
                $"The example '{example.Title}' has no code marked as powershell.");
        }
    }

    private static IEnumerable<HelpProblem> CheckOutputs(CmdletEntry cmdlet, HelpPage page)
    {
        if (!page.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal).SetEquals(cmdlet.OutputTypes)
            && page.Outputs.Count > 0)
        {
            yield return new HelpProblem(page.File, LineOf(page, "Outputs"), HelpCodes.OutputsDiffer,
                $"{cmdlet.Name} declares these output types: {string.Join(", ", cmdlet.OutputTypes)}.");
        }
    }

    private static IEnumerable<HelpProblem> CheckErrors(HelpPage page, IReadOnlySet<string>? errorIds) =>
        page.Errors.Where(error => errorIds is not null && !errorIds.Contains(error.Name)).Select(error =>
            new HelpProblem(page.File, error.Line, HelpCodes.ErrorIdUnknown, $"There is no error id {error.Name}."));

    private static IEnumerable<HelpProblem> CheckLinks(HelpPage page) =>
        page.Links.Where(link => !link.IsWeb && !File.Exists(Path.Combine(Path.GetDirectoryName(page.File) ?? "", link.Target)))
            .Select(link => new HelpProblem(page.File, link.Line, HelpCodes.LinkBroken, $"The link leads nowhere: {link.Target}."));

    private static int LineOf(HelpPage page, string title) => page.SectionLines.TryGetValue(title, out int line) ? line : 1;
}
