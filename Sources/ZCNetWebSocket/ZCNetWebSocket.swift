/// WebSocket (RFC 6455) on ZCNet, and HTTP/1.1 beside it. Who imports it has ZCNet too.
@_exported import ZCNet
