"""How a route hands an Answer to the edge."""

from fastapi import Response
from starlette.types import Receive, Scope, Send

from api.edge import ANSWER
from api.reply import AnyAnswer


class Ready(Response):
    """An Answer on its way to the edge, which sends it in the form that the client asks for."""

    def __init__(self, answer: AnyAnswer) -> None:
        super().__init__()
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": ANSWER, "answer": self.answer})
