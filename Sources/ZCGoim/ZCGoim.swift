/// goim's protocol over TCP and WebSocket: codec, sessions, rooms and client.
@_exported import ZCNetWebSocket
