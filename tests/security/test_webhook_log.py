"""The whole process, called by Telegram, at the most detailed level: nothing it logs lets anybody else call it."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from tests.faults.process import hearth
from tests.servers.telegram import TelegramServer

CONFIG = """
[store]
url = "sqlite:///{folder}/hearth.db"
[telegram]
token = "{server.token}"
api_url = "{server.api_url}"
mode = "webhook"
[web]
port = {port}
public_url = "http://127.0.0.1:{port}"
[log]
level = "debug"
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


async def test_path_and_secret_are_in_no_log(tmp_path: Path) -> None:
    """Both are made new at each start, and neither is logged, even when a caller gets them wrong."""
    async with TelegramServer() as server:
        group, bob = server.group("Hearth"), server.user("bob", username="bob")
        group.add(bob)
        async with hearth(tmp_path, CONFIG.format(folder=tmp_path, server=server, port=free_port())) as running:
            await running.says("webhooks listen")
            await server.world.until(lambda: server.webhook is not None, 60, "no webhook")
            assert server.webhook
            url, secret = server.webhook.url, server.webhook.secret_token
            await bob.says(group, "/ping")
            await server.heard(bob, "I am here.", timeout=60)
            known = {"X-Telegram-Bot-Api-Secret-Token": secret or ""}
            async with aiohttp.ClientSession() as session:
                for headers, body in (
                    ({}, b"{}"),
                    (known, b"{"),
                    (known, b'{"update_id": 1, "message": 7}'),
                    (known | {"X-Long": "a" * 9_000}, b"{}"),
                    (known | {"Content-Encoding": "gzip"}, b"{}"),
                ):
                    await session.post(url, headers=headers, data=body)
            await server._feed.set_webhook(None)

        assert secret
        for hidden in (secret, urlsplit(url).path, server.token):
            assert hidden not in running.said
        assert "telegram greeted" in running.said
