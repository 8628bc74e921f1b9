/// Messages of an SBE schema over WebSocket: gateways, the hand-off to other threads, and trades.
@_exported import ZCNetWebSocket
@_exported import ZCSBE
