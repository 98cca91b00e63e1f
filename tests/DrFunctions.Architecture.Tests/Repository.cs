using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace DrFunctions.Architecture.Tests;

/// <summary>The repository as files.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The projects of <c>src</c>.</summary>
    public static IReadOnlyList<SourceProject> Projects { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new SourceProject(file))];

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>C# files of <c>src</c>, without what builds leave behind.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split('/', '\\').Any(part => part is "obj" or "bin"));

    /// <summary>The text of a document's section, by the beginning of its heading.</summary>
    public static string Section(string document, string heading)
    {
        var start = document.IndexOf($"\n{heading}", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no heading '{heading}'.");
        var next = document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return next < 0 ? document[start..] : document[start..next];
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DrFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has DrFunctions.sln ({Path.GetFileName(here)}).");
    }
}

/// <summary>A project of <c>src</c>.</summary>
internal sealed class SourceProject(string file)
{
    private readonly XDocument document = XDocument.Load(file);

    public string Name => Path.GetFileNameWithoutExtension(file);

    public string Folder => Path.GetDirectoryName(file)!; // a file has a folder

    public string RootNamespace => Property("RootNamespace") ?? Name;

    public string AssemblyName => Property("AssemblyName") ?? Name;

    /// <summary>Projects that are referenced and called; those that are only built first are not.</summary>
    public IEnumerable<string> ProjectReferences =>
        document.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'))); // every reference includes something

    public IEnumerable<string> PackageReferences => document.Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!); // likewise

    /// <summary>The assembly, built with the tests' configuration for the local runtime.</summary>
    public string Assembly
    {
        get
        {
            var configuration = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Configuration").Value;
            var path = Path.Combine(Folder, "bin", "Local", configuration!, "net10.0", $"{AssemblyName}.dll"); // the project file sets it
            Assert.True(File.Exists(path), $"{path} is not built.");
            return path;
        }
    }

    private string? Property(string name) => document.Descendants(name).Select(element => element.Value).FirstOrDefault();
}
