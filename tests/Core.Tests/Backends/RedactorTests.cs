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
    [InlineData("10.1.2.3. 10.1.2.3:5432 0.1.2.10.2.0.2", "***. *** 0.1.2.10.2.0.2")]
    public void Known_parts_and_quoted_texts_are_masked(string message, string expected)
    {
        var redactor = Redactor.For(PostgresSecret.Parts(Secret(("url", "postgres://inventory:s3cr3t%2F%25@pg-main.example.com/app"))));
        Assert.Equal(expected, redactor.Scrub(message));
    }

    /// <summary>The user is <c>admin</c>, its password <c>pass</c> and the database <c>data</c>: their letters also occur in the words of messages.</summary>
    [Theory]
    [InlineData("must be superuser or administrator to read data_directory of this database")]
    [InlineData("password authentication failed: the Administrator may pass_through no admins")]
    public void A_short_part_does_not_eat_words(string message)
    {
        var redactor = Redactor.For(Seq("admin", "pass", "data", "through", "super", "a", "or_", "be").Map(part => new SecretText(part)));
        Assert.Equal(message.Replace(" be ", " *** ", StringComparison.Ordinal), redactor.Scrub(message));
        Assert.Equal(
            "role \"***\" of *** with ***, ***:*** ADMINISTRATOR".Replace("ADMIN", "***", StringComparison.Ordinal),
            redactor.Scrub("role \"admin\" of data with pass, Admin:pass ADMINISTRATOR"));
    }

    /// <summary>Words of PostgreSQL's messages, and secrets that are no words of theirs.</summary>
    [Property(MaxTest = 500)]
    public Property A_message_without_the_secret_is_unchanged_and_one_with_it_does_not_show_it()
    {
        string[] words =
        [
            "password", "authentication", "failed", "administrator", "database", "permission", "denied", "relation", "does", "not", "exist",
            "statement_timeout", "connection", "to", "server", "was", "lost", "terminating", "because", "of", "must", "be", "superuser", "Cannot",
            "serialize", "access",
        ];
        var secret = Gen.OneOf(
            from word in Gen.Elements(words) from length in Gen.Choose(1, 11) select word[..Math.Min(length, word.Length)].ToLowerInvariant(),
            Gen.Elements("abcdefghij0123456789-.".ToCharArray()).ArrayOf(6).Select(letters => new string(letters)),
            Password).Where(part => !words.Contains(part, StringComparer.OrdinalIgnoreCase));
        return Prop.ForAll(Arb.From(secret), Arb.From(Gen.Elements(words).ListOf(8)), Arb.From(Gen.Elements("\"{0}\"", "'{0}'")), (part, said, quoted) =>
        {
            var redactor = Redactor.For(Seq1(new SecretText(part)));
            var message = string.Join(' ', said);
            Assert.Equal(message, redactor.Scrub(message));
            var with = string.Format(System.Globalization.CultureInfo.InvariantCulture, quoted, part);
            Assert.Equal($"{message} {quoted[0]}***{quoted[0]} {message}", redactor.Scrub($"{message} {with} {message}"));
        });
    }

    /// <summary>PostgreSQL cuts a name to 63 bytes, at a character, and gives it back so.</summary>
    [Theory]
    [InlineData("a", 63)]
    [InlineData("é", 31)]
    [InlineData("漢", 21)]
    [InlineData("😀", 15)]
    public void A_name_that_the_server_cuts_is_masked(string letter, int kept)
    {
        var name = string.Concat(Enumerable.Repeat(letter, 70));
        var redactor = Redactor.For(Seq1(new SecretText(name)));
        Assert.Equal("role *** is not permitted", redactor.Scrub($"role {string.Concat(Enumerable.Repeat(letter, kept))} is not permitted"));
        Assert.Equal("role *** is not permitted", redactor.Scrub($"role {name} is not permitted"));
    }

    /// <summary>What is cut off would not be recognized, so the message is redacted before it is cut.</summary>
    [Fact]
    public void A_secret_at_the_end_of_a_long_message_is_masked_as_a_whole()
    {
        var secret = "correct-horse-battery-staple";
        for (var before = 460; before < 505; before++)
            Assert.DoesNotContain("correct", Redactor.For(Seq1(new SecretText(secret))).Said(new string('.', before) + secret), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_character_is_masked_only_between_quotes() =>
        Assert.Equal("a role \"***\" is a role", Redactor.For(Seq1(new SecretText("a"))).Scrub("a role \"a\" is a role"));

    [Fact]
    public void The_longest_part_is_masked_first() =>
        Assert.Equal("[***]", Redactor.For(Seq(new SecretText("abcd"), new SecretText("abcdefgh"))).Scrub("[abcdefgh]"));

    /// <summary>A part of letters alone may be a piece of a word: see the cases above.</summary>
    [Property(MaxTest = 500)]
    public Property No_part_of_four_characters_or_more_survives_and_scrubbing_again_changes_nothing()
    {
        var part = Text.Where(text => text.Trim() is { Length: >= 4 } it && it.Any(char.IsLetterOrDigit) && !it.All(c => char.IsAsciiLetter(c) || c == '_'));
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
    [InlineData(nameof(Audience.Cluster), true, "db.example.org:5432", "*** of *** at db.example.org with ***")]
    [InlineData(nameof(Audience.Cluster), false, "", "*** of *** at *** with ***")]
    [InlineData(nameof(Audience.Owner), true, "db.example.org:5432, database inv, user app", "app of inv at db.example.org with ***")]
    [InlineData(nameof(Audience.Owner), false, "db.example.org:5432, database inv, user app", "app of inv at db.example.org with ***")]
    public void An_audience_sees_what_it_may(string audience, bool own, string server, string scrubbed)
    {
        var names = new ConnectionNames(Seq1("db.example.org:5432"), "database inv, user app", Seq1(new SecretText("pass-word")), own);
        var secret = Secret(("dsn", "postgresql://app:pass-word@db.example.org/inv"));
        var redactor = Redactor.For(Postgres.Examples.Sink(), Seq1(secret), names, Enum.Parse<Audience>(audience));
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

    /// <summary>A host or port that stands in a password would tell a part of it; what is shorter than four characters tells nothing.</summary>
    [Theory]
    [InlineData("db-0.example:5432", "my-db-0.example-2", false)]
    [InlineData("db-0.example:5432", "MY-DB-0.EXAMPLE", false)]
    [InlineData("db-0.example:5432", "s5432t", false)]
    [InlineData("[fd00::7]:54321", "54321", false)]
    [InlineData("cluster0.example.net (mongodb+srv)", "x.cluster0.example.net", false)]
    [InlineData("db:5432", "a", true)]
    [InlineData("a:5432", "a", false)]
    [InlineData("db:1", "1", false)]
    [InlineData("db:5432", "debug-db-password", true)]
    public void A_host_that_stands_in_the_password_is_shown_to_nobody(string host, string password, bool isShown)
    {
        var names = new ConnectionNames(Seq1(host), "", Seq1(new SecretText(password)), IsOfOwnNamespace: true);
        Assert.All(
            Enum.GetValues<Audience>(),
            audience => Assert.Equal(isShown, Redactor.For(Postgres.Examples.Sink(), Seq<SecretData>(), names, audience).Server.IsSome));
    }

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
