using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>When an operator that issues the certificate of its webhook issues a new one.</summary>
public sealed class WebhookCertificatesTests
{
    private const string Host = "kollect-webhook.kollect-system.svc";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IssuedCertificate Authority = WebhookCertificates.Issue(WebhookCertificates.AuthorityLifetime, Empty, Start);
    private static readonly IssuedCertificate Certificate = WebhookCertificates.Issue(WebhookCertificates.Lifetime, Seq1(Host), Start);

    [Fact]
    public void Both_are_issued_where_there_is_no_authority()
    {
        Assert.Equal(CertificateNeed.AuthorityAndCertificate, WebhookCertificates.NeedOf(None, None, Host, Start));
        Assert.Equal(CertificateNeed.AuthorityAndCertificate, WebhookCertificates.NeedOf(None, Certificate, Host, Start));
    }

    [Theory]
    [InlineData(0, nameof(CertificateNeed.Nothing))]
    [InlineData(59.9, nameof(CertificateNeed.Nothing))]
    [InlineData(60, nameof(CertificateNeed.Certificate))]
    [InlineData(400, nameof(CertificateNeed.Certificate))]
    [InlineData(640, nameof(CertificateNeed.Certificate))]
    [InlineData(640.1, nameof(CertificateNeed.AuthorityAndCertificate))]
    [InlineData(-1, nameof(CertificateNeed.AuthorityAndCertificate))]
    public void A_certificate_is_renewed_when_a_third_of_it_is_left_and_the_authority_before_it_would_be_outlived(double days, string need) =>
        Assert.Equal(need, WebhookCertificates.NeedOf(Authority, Certificate, Host, Start.AddDays(days)).ToString());

    [Fact]
    public void A_certificate_for_another_name_is_replaced() => Assert.Equal(
        CertificateNeed.Certificate, WebhookCertificates.NeedOf(Authority, Certificate, WebhookCertificates.Host("other"), Start));

    /// <summary>Over five years, looking once a day: an authority is never outlived, and there is always a valid certificate.</summary>
    [Fact]
    public void There_is_never_a_day_without_a_valid_certificate_by_a_valid_authority()
    {
        var (authority, certificate) = (Authority, Certificate);
        var (authorities, certificates) = (1, 1);
        for (var now = Start; now < Start.AddDays(5 * 365); now = now.AddDays(1))
        {
            var need = WebhookCertificates.NeedOf(authority, certificate, Host, now);
            if (need == CertificateNeed.AuthorityAndCertificate)
                (authority, authorities) = (WebhookCertificates.Issue(WebhookCertificates.AuthorityLifetime, Empty, now), authorities + 1);
            if (need != CertificateNeed.Nothing)
                (certificate, certificates) = (WebhookCertificates.Issue(WebhookCertificates.Lifetime, Seq1(Host), now), certificates + 1);
            Assert.True(authority.IsValidAt(now) && certificate.IsValidAt(now));
            Assert.True(certificate.NotAfter <= authority.NotAfter);
        }

        // Every 60 days, and with each new authority, after 641 days: 1 + 10, 1 + 10, 1 + 9.
        Assert.Equal((3, 32), (authorities, certificates));
    }

    /// <summary>The Secret was deleted or replaced: a real API server refused the certificate that was served on, until the new one was.</summary>
    [Fact]
    public void The_authority_of_the_served_certificate_stays_trusted_beside_the_stored_one()
    {
        Assert.Equal("new\n", WebhookCertificates.Trusted("new\n", None));
        Assert.Equal("new\nold\n", WebhookCertificates.Trusted("new\n", "old\n"));
        Assert.Equal("new\nold", WebhookCertificates.Trusted("new\nold", "old\n"));
    }
}
