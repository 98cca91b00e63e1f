using System.Runtime.Versioning;

// The local environment needs a POSIX shell, and so do its tests.
[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("macos")]
