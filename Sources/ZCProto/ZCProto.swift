/// Codecs and sessions for application protocols, and what they stand on: one import has all layers.
@_exported import ZCDelivery
@_exported import ZCGoim
@_exported import ZCNet
@_exported import ZCNetWebSocket
@_exported import ZCSBE
@_exported import ZCSBEServer
