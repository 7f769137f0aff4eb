"""moto on a free port of this machine; it ends with the process that started it, however that ends."""
import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
try:
    host, port = server.get_host_and_port()
    print(f'http://{host}:{port}', flush=True)
    sys.stdin.read()
finally:
    server.stop()
