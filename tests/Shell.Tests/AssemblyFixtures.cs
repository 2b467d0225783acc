[assembly: AssemblyFixture(typeof(PostgresServerFixture))]
[assembly: AssemblyFixture(typeof(Kollect.Shell.Tests.Packages.PackedPackages))]
