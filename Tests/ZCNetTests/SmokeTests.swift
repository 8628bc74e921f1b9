import Testing

@testable import ZCNet
