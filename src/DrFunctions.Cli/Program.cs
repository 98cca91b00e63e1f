using DrFunctions.Cli;

return await DrCommandLine.RunAsync(args, new CliHost { Out = Console.Out, Error = Console.Error }, CancellationToken.None);
