"""Viewers of a stream, in a process of their own: they read, and forget what they read.

python -m bench.viewers PORT HOW-MANY tcp|udp; says `watching`, and goes when it is told
anything.
"""

import selectors
import socket
import sys

from rtsp_client import RtspClient


def main(port, how_many, way):
    """Watch until a line comes in."""
    waiting = selectors.DefaultSelector()
    waiting.register(sys.stdin, selectors.EVENT_READ)
    clients, received = [], 0
    for _ in range(how_many):
        client = RtspClient(port)
        clients.append(client)
        if way == "udp":
            first, second = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
            for one in (first, second):
                one.bind(("127.0.0.1", 0))
                waiting.register(one, selectors.EVENT_READ)
            ports = f"{first.getsockname()[1]}-{second.getsockname()[1]}"
            client.watch(f"RTP/AVP;unicast;client_port={ports}")
        else:
            client.watch()
            waiting.register(client.socket, selectors.EVENT_READ)
    sys.stdout.write("watching\n")
    sys.stdout.flush()
    while True:
        for key, _ in waiting.select():
            if key.fileobj is sys.stdin:
                sys.stdout.write(f"{received}\n")
                return
            received += len(key.fileobj.recv(1 << 20))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
