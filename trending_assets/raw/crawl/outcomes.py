"""What went wrong with a request, as the reason that its row in quarantine is counted by, and a sentence."""

from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from twisted.internet import error as twisted_errors

from trending_assets.failures import BadInput, Reason, is_transient_status


class Refused(BadInput):
    """Nobody listens there: behind a proxy, the proxy itself."""

    def __init__(self) -> None:
        super().__init__(Reason.UNREACHABLE, "Nothing could be read: it refuses the connection.")


_KINDS: tuple[tuple[tuple[type[BaseException], ...], Reason, str], ...] = (
    ((scrapy_errors.DownloadTimeoutError,), Reason.TIMEOUT, "it took too long to answer"),
    ((scrapy_errors.CannotResolveHostError,), Reason.UNREACHABLE, "its name does not resolve"),
    ((TunnelError,), Reason.UNREACHABLE, "the proxy opens no tunnel to it"),
    ((scrapy_errors.ResponseDataLossError,), Reason.CUT_OFF, "the answer is cut off before its end"),
    ((scrapy_errors.DownloadFailedError,), Reason.CUT_OFF, "the connection broke in the middle of the answer"),
    ((scrapy_errors.DownloadCancelledError,), Reason.TOO_LARGE, "the answer is larger than TRENDING_MAX_BODY_BYTES"),
    ((scrapy_errors.UnsupportedURLSchemeError,), Reason.REDIRECTS, "it redirects to what is no web address"),
    ((twisted_errors.ConnectionDone, twisted_errors.ConnectionLost), Reason.CUT_OFF, "it closed the connection"),
    ((twisted_errors.ConnectError, OSError), Reason.UNREACHABLE, "no connection could be made"),
)


def bad_input(error: BaseException) -> BadInput:
    """The error of a request as BadInput; one that already is stays as it is."""
    if isinstance(error, BadInput):
        return error
    if isinstance(error, scrapy_errors.DownloadConnectionRefusedError):
        return Refused()
    for kinds, reason, sentence in _KINDS:
        if isinstance(error, kinds):
            return BadInput(reason, f"Nothing could be read: {sentence}.")
    if isinstance(error, scrapy_errors.IgnoreRequest) and "redirect" in str(error):
        return BadInput(Reason.REDIRECTS, "It redirects without end.")
    return BadInput(Reason.UNREACHABLE, f"Nothing could be read: {type(error).__name__}.")


def bad_status(status: int, where: str = "It") -> BadInput:
    """A status that is no success, as BadInput."""
    if 300 <= status < 400:
        return BadInput(Reason.REDIRECTS, f"{where} redirects to what is no web address (HTTP {status}).")
    reason = Reason.HTTP_TRANSIENT if is_transient_status(status) else Reason.HTTP_ERROR
    return BadInput(reason, f"{where} answers HTTP {status}.")
