import ZCNet

/// A connection that somebody waits for. The completion comes once.
final class GoimAttempt: GoimWaiting {
    typealias Completion = @Sendable (Result<GoimRemote, GoimConnectError>) -> Void

    let address: String
    let token: GoimMessage
    private let completion: Locked<Completion?>

    init(_ address: String, _ token: GoimMessage, _ completion: @escaping Completion) {
        self.address = address
        self.token = token
        self.completion = Locked(completion)
    }

    func succeed(_ remote: GoimRemote) { take()?(.success(remote)) }

    func fail(_ cause: GoimConnectError.Cause) { take()?(.failure(GoimConnectError(address, cause))) }

    func end(_ reason: GoimCloseReason) { fail(.closed(reason)) }

    private func take() -> Completion? {
        completion.withLock { completion in
            defer { completion = nil }
            return completion
        }
    }
}
