using AzureVmRole.HelpBuilder;

if (!HelpBuilderOptions.TryParse(args, out HelpBuilderOptions? options))
{
    Console.Error.WriteLine(HelpBuilderOptions.Usage);
    return 2;
}

IReadOnlyList<HelpProblem> problems = HelpBuild.Run(options);
foreach (HelpProblem problem in problems)
{
    Console.Error.WriteLine(problem);
}

return problems.Count == 0 ? 0 : 1;
