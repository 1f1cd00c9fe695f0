"""E-mail over SMTP: one recipient a message, encrypted, with an id that stays the same when it is sent again.

Nothing that a text or a person wrote can become a header: addresses are checked against one plain form, subjects are
one line by construction, and the message class of the standard library refuses line breaks once more.
"""

from __future__ import annotations

import contextlib
import datetime
import email.policy
import email.utils
import hashlib
import smtplib
import ssl
import urllib.parse
from email.headerregistry import Address
from email.message import EmailMessage

from legation.settings import MailServer
from legation.watch.addresses import checked_mail
from legation.watch.deadline import deadline
from legation.watch.model import Watch, WatchError
from legation.watch.words import harmless

SECONDS = 30.0  # for one answer of the server
WHOLE_SECONDS = 120.0  # for one message
POLICY = email.policy.SMTP.clone(max_line_length=78)


class MailRefused(Exception):  # noqa: N818 (an answer, not a fault)
    """The server took the connection and refused the message. `final`: it says that it always will (5xx)."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final


def compose(
    server: MailServer,
    recipient: str,
    subject: str,
    bodies: tuple[str, str],
    *,
    message_id: str,
    now: datetime.datetime,
    watch: Watch | None = None,
) -> EmailMessage:
    """The message. WatchError when an address is none; the same arguments give the same bytes."""
    name, address = sender(server)
    to = checked_mail(recipient)
    domain = address.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = harmless(subject)
    message["Date"] = email.utils.format_datetime(now.astimezone(datetime.UTC))
    message["Message-ID"] = f"<{message_id}.legation@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if watch is not None:
        wish = urllib.parse.quote(f"unsubscribe {watch.id}")
        message["List-Id"] = f"<{watch.id}.legation.{domain}>"
        message["List-Unsubscribe"] = f"<mailto:{address}?subject={wish}>"
    plain, html = bodies
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    message.set_boundary("=_" + hashlib.sha256(f"{message_id} {plain}".encode()).hexdigest()[:40])
    return message


def sender(server: MailServer) -> tuple[str, str]:
    """(name, address) of the sender. WatchError when the setting is no such thing."""
    if harmless(server.sender) != server.sender.strip():
        raise WatchError("smtp: sender holds control characters")
    name, address = email.utils.parseaddr(server.sender)
    return name, checked_mail(address)


class Mailer:
    """One connection to the server, opened when it is needed and again when it broke. A context manager.

    WatchError when the settings cannot be used: found out before anything is sent.
    """

    def __init__(self, server: MailServer) -> None:
        sender(server)
        if server.security == "none" and server.password is not None:
            raise WatchError("smtp: a password is not sent without encryption (security is none)")
        self.server = server
        self._context: ssl.SSLContext | None = None
        if server.security != "none":
            try:
                self._context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
            except OSError:  # ssl.SSLError is one
                raise WatchError(f"smtp: ca_file {server.ca_file} cannot be used") from None
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, *_: object) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand one message over; returning means that the server answers for it from now on.

        MailRefused when the server does not want this message, OSError when it cannot be talked to.
        """
        try:
            if self._smtp is None or not _alive(self._smtp):
                self._smtp = self._open()
            assert self._smtp.sock is not None
            with deadline(self._smtp.sock, WHOLE_SECONDS):
                self._smtp.send_message(message, sender(self.server)[1], [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code = next((c for c, _ in error.recipients.values()), 550)
            raise MailRefused(f"the mail server refused the address ({code})", final=500 <= code < 600) from None
        except smtplib.SMTPSenderRefused as error:
            raise MailRefused(f"the mail server refused the sender ({error.smtp_code})", final=False) from None
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
            raise MailRefused(f"the mail server refused the message ({code})", final=500 <= code < 600) from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise OSError(_what_happened(error)) from None

    def _open(self) -> smtplib.SMTP:
        server, context = self.server, self._context
        own = sender(server)[1].rpartition("@")[2]  # else the name of this machine would be told to the server
        if server.security == "ssl":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, own, timeout=SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, own, timeout=SECONDS)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user and server.password is not None:
                smtp.login(server.user, server.password.reveal())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _alive(smtp: smtplib.SMTP) -> bool:
    """Whether the connection of the message before still stands."""
    try:
        return smtp.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _what_happened(error: Exception) -> str:
    """In our words: what a server answers to a login can hold what was sent to it."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server refused the login ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server does not offer what is needed (STARTTLS, login)"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server ended the connection"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the mail server's certificate is not to be trusted"
    if isinstance(error, OSError):
        return f"the mail server cannot be reached ({error.strerror or type(error).__name__})"
    return f"the mail server cannot be talked to ({type(error).__name__})"
