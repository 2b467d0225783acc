using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Secrets;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Backends;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("password authentication failed for user \"inventory\"", "password authentication failed for user \"***\"")]
    [InlineData(
        "FATAL: no pg_hba.conf entry for host \"10.1.2.3\", user \"stranger\", database \"other\", SSL off",
        "FATAL: no pg_hba.conf entry for host \"***\", user \"***\", database \"***\", SSL off")]
    [InlineData("Failed to connect to 10.1.2.3:5432", "Failed to connect to ***")]
    [InlineData("connect to [fd00::7]:5432 failed", "connect to *** failed")]
    [InlineData("cannot reach PG-Main.example.com (port 5432)", "cannot reach *** (port 5432)")]
    [InlineData("database app is not app_1, nor apple", "database *** is not app_1, nor apple")]
    [InlineData("Benutzer »app« fehlgeschlagen", "Benutzer »***« fehlgeschlagen")]
    [InlineData("bad url postgres://x:y@z/w", "bad url postgres://***@z/w")]
    [InlineData("s3cr3t/%, S3CR3T%2F%25", "***, ***")]
    [InlineData("canceling statement due to statement timeout", "canceling statement due to statement timeout")]
    [InlineData("server version 15.4.0 (15.4)", "server version 15.4.0 (15.4)")]
    public void Known_parts_and_quoted_texts_are_masked(string message, string expected)
    {
        var redactor = Redactor.For(PostgresSecret.Parts(Secret(("url", "postgres://inventory:s3cr3t%2F%25@pg-main.example.com/app"))));
        Assert.Equal(expected, redactor.Scrub(message));
    }

    [Fact]
    public void A_single_character_is_masked_only_between_quotes() =>
        Assert.Equal("a role \"***\" is a role", Redactor.For(Seq1(new SecretText("a"))).Scrub("a role \"a\" is a role"));

    [Fact]
    public void The_longest_part_is_masked_first() =>
        Assert.Equal("[***]", Redactor.For(Seq(new SecretText("abcd"), new SecretText("abcdefgh"))).Scrub("[abcdefgh]"));

    [Property(MaxTest = 500)]
    public Property No_part_of_four_characters_or_more_survives_and_scrubbing_again_changes_nothing()
    {
        var part = Text.Where(text => text.Trim().Length >= 4 && text.Any(char.IsLetterOrDigit));
        return Prop.ForAll(Arb.From(part.ListOf(3)), Arb.From(Text.ListOf(4)), Arb.From(Gen.Elements(true, false)), (parts, glue, upper) =>
        {
            var redactor = Redactor.For(parts.Select(text => new SecretText(text)).ToSeq());
            var text = string.Concat(glue.Zip(parts.Append(""), (before, secret) => before + secret));
            var scrubbed = redactor.Scrub(upper ? text.ToUpperInvariant() : text);
            Assert.All(parts, secret => Assert.DoesNotContain(secret, scrubbed, StringComparison.OrdinalIgnoreCase));
            Assert.Equal(scrubbed, redactor.Scrub(scrubbed));
        });
    }

    /// <summary>A cluster's readers see hosts of a Secret beside the sink, its owner user and database too, nobody a password.</summary>
    [Theory]
    [InlineData(Audience.Cluster, true, "db.example.org:5432", "*** of *** at db.example.org with ***")]
    [InlineData(Audience.Cluster, false, "", "*** of *** at *** with ***")]
    [InlineData(Audience.Owner, true, "db.example.org:5432, database inv, user app", "app of inv at db.example.org with ***")]
    [InlineData(Audience.Owner, false, "db.example.org:5432, database inv, user app", "app of inv at db.example.org with ***")]
    public void An_audience_sees_what_it_may(Audience audience, bool own, string server, string scrubbed)
    {
        var names = new ConnectionNames(Seq1("db.example.org:5432"), "database inv, user app", Seq1(new SecretText("pass-word")), own);
        var secret = Secret(("dsn", "postgresql://app:pass-word@db.example.org/inv"));
        var redactor = Redactor.For(Postgres.Examples.Sink(), Seq1(secret), names, audience);
        Assert.Equal((server, scrubbed), (redactor.Server.IfNone(""), redactor.Scrub("app of inv at db.example.org with pass-word")));
    }

    /// <summary>A masked piece of a shown host would tell the password.</summary>
    [Property(MaxTest = 300)]
    public Property A_host_that_contains_the_password_is_shown_to_nobody() => Prop.ForAll(
        Arb.From(Password),
        Arb.From(Gen.Elements(Audience.Cluster, Audience.Owner)),
        Arb.From(Gen.Elements("{0}", "x.{0}", "{0}.example.org")),
        (password, to, form) =>
        {
            var host = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, password) + ":5432";
            var names = new ConnectionNames(Seq1(host), "", Seq1(new SecretText(password)), IsOfOwnNamespace: true);
            var redactor = Redactor.For(Postgres.Examples.Sink(), Seq<SecretData>(), names, to);
            Assert.True(redactor.Server.IsNone);
            Assert.DoesNotContain(password, redactor.Scrub($"cannot reach {host}"), StringComparison.OrdinalIgnoreCase);
        });

    [Property(MaxTest = 300)]
    public Property The_parts_of_a_connection_string_are_masked_in_plain_and_encoded_form()
    {
        var cases = from u in Password from p in Password from h in Password from d in Password select (u, p, h, d);
        return Prop.ForAll(Arb.From(cases), given =>
        {
            string[] parts = [given.u, given.p, given.h, given.d];
            var e = parts.Select(Uri.EscapeDataString).ToArray();
            var redactor = Redactor.For(PostgresSecret.Parts(Secret(("dsn", $"postgres://{e[0]}:{e[1]}@{e[2]}/{e[3]}"))));
            var scrubbed = redactor.Scrub($"x {given.u} y {given.p} {given.d}{given.h} {string.Join(' ', e)}");
            Assert.All(parts.Concat(e), part => Assert.DoesNotContain(part, scrubbed, StringComparison.OrdinalIgnoreCase));
        });
    }
}
