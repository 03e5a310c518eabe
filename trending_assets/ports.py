"""Whether a port is free, before a server is started on it."""

import socket

from trending_assets.failures import PermanentFailure


def check_port(port: int, what: str) -> None:
    """Raise PermanentFailure where another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PermanentFailure(
                f"Port {port} is busy, and {what} needs it. Stop what listens there, or name another port "
                "(make up DAGIT_PORT=… API_PORT=… SANDBOX_PORT=… EXPORTER_PORT=…)."
            ) from None
