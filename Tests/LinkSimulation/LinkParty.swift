internal import ZCNet
internal import ZCNetTesting

/// One side of a history: what it was told of its messages, and what came. One thread in fact; a lock
/// satisfies the compiler.
final class LinkParty: Sendable {
    struct Ledger {
        var random: SimulatedRandom
        var next = 0
        /// Messages that `send` has returned for, or `trySend` has accepted.
        var accepted: [Int] = []
        var received: [Int] = []
        /// Who the other side is, by its first message.
        var peer: Substring?
        var complaints: [String] = []
        /// Whether the peer's end was reached without an error.
        var hasReadAll = false
        var hasBegun = false
        /// Whether it has closed by itself: what came then was dropped.
        var hasClosed = false
        /// Whether it has ended its stream, and went on receiving.
        var hasFinished = false
        /// Whether its connection was lost, as it was told.
        var wasLost = false
        var end: String?
        /// Of a stream of bytes: what came behind the last whole message.
        var rest: [UInt8] = []
        /// Whether it gave up waiting, and nothing has come since.
        var gaveUp = false
    }

    let name: String
    let fault: LinkFault?
    let ledger: Locked<Ledger>
    let over = TaskSignal()

    /// - Parameter fault: what its link does wrong, by what is written down.
    init(_ name: String, seed: UInt64, fault: LinkFault?) {
        self.name = name
        self.fault = fault
        ledger = Locked(Ledger(random: SimulatedRandom(seed: seed)))
    }

    func draw(_ bound: Int) -> Int { ledger.withLock { Int($0.random.next() % UInt64(bound)) } }

    // MARK: Messages

    /// A message that nobody else sends: whose, which, and a length that follows from it.
    func make() -> (number: Int, text: String) {
        let number = ledger.withLock { ledger in
            defer { ledger.next += 1 }
            return ledger.next
        }
        let size = Self.sizes[draw(Self.sizes.count)]
        return (number, Self.text(of: name, number, size))
    }

    private static let sizes = [0, 5, 200, 3000, 20_000]
    /// Made once: a string that is put together character by character takes most of a history's time.
    private static let filling = String(repeating: "x", count: 20_000)

    private static func text(of name: some StringProtocol, _ number: Int, _ size: Int) -> String {
        "\(name) \(number) \(size) " + Substring(filling.utf8.prefix(size))
    }

    /// Takes a message, which has to be the other party's, whole.
    func take(_ text: String, isText: Bool) {
        let parts = Substring(text.utf8.prefix(32)).split(
            separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        ledger.withLock { ledger in
            guard parts.count == 4, parts[0] != name, parts[0] == ledger.peer ?? parts[0], isText,
                let number = Int(parts[1]), let size = Int(parts[2]), Self.sizes.contains(size),
                text == Self.text(of: parts[0], number, size)
            else {
                ledger.complaints.append("\(name) got \(text.prefix(40))")
                return
            }
            ledger.peer = parts[0]
            defer { ledger.gaveUp = false }
            switch fault {
            case .losesAfterGivingUp where ledger.gaveUp: break
            case .repeatsAfterGivingUp where ledger.gaveUp: ledger.received += [number, number]
            case .overtakes where number % 2 == 1 && !ledger.received.isEmpty:
                ledger.received.insert(number, at: ledger.received.count - 1)
            default: ledger.received.append(number)
            }
        }
    }

    func accepted(_ number: Int) { ledger.withLock { $0.accepted.append(number) } }

    /// What `trySend` has answered.
    func tried(_ number: Int, isAccepted: Bool) {
        if isAccepted || fault == .acceptsWhatItRefuses { accepted(number) }
    }

    /// A wait has ended without a message: its time was over, or its task was cancelled.
    func gaveUp() { ledger.withLock { $0.gaveUp = true } }

    // MARK: A stream of bytes

    /// A message with its length in front, as it is sent over a stream.
    func makeFrame() -> (number: Int, bytes: SharedBytes) {
        let (number, text) = make()
        let length = String(text.utf8.count)
        let zeros = String(repeating: "0", count: Self.lengthDigits - length.count)
        return (number, SharedBytes((zeros + length + text).utf8))
    }

    private static let lengthDigits = 6

    /// Takes bytes of a stream, and the messages that they complete.
    func take(_ bytes: SharedBytes) {
        ledger.withLock { ledger in
            let lost = fault == .tears && ledger.gaveUp ? 1 : 0
            unsafe bytes.withUnsafeBytes { unsafe ledger.rest.append(contentsOf: $0.dropFirst(lost)) }
        }
        while let text = nextFrame() { take(text, isText: true) }
    }

    private func nextFrame() -> String? {
        ledger.withLock { ledger in
            let digits = Self.lengthDigits
            guard ledger.rest.count >= digits else { return nil }
            guard let count = Int(String(decoding: ledger.rest.prefix(digits), as: UTF8.self)) else {
                ledger.complaints.append("\(name) got no length: \(ledger.rest.prefix(40))")
                ledger.rest = []
                return nil
            }
            guard ledger.rest.count >= digits + count else { return nil }
            let text = String(decoding: ledger.rest[digits..<(digits + count)], as: UTF8.self)
            ledger.rest.removeFirst(digits + count)
            return text
        }
    }

    // MARK: The end

    /// Runs what the party does, and writes down how that ended.
    nonisolated(nonsending) func play(_ steps: () async throws -> Void) async throws {
        ledger.withLock { $0.hasBegun = true }
        do {
            try await steps()
            ledger.withLock { $0.end = "returned" }
            over.signal()
        } catch {
            ledger.withLock { ledger in
                ledger.end = "\(error)"
                // Whoever waits for more than comes is told of the end in these words: that is no loss.
                let lost = (error as? LinkError).flatMap { $0.code == .lost ? $0 : nil }
                ledger.wasLost = lost?.got.contains("and the end") == false
                if fault == .endsWhereItWasLost, ledger.wasLost { ledger.hasReadAll = true }
            }
            over.signal()
            throw error
        }
    }

    /// Goes through `step` for some time; some parties go on for a while though they are cancelled.
    ///
    /// - Parameter step: does one thing at random; false when nothing more will come.
    nonisolated(nonsending) func wander(_ step: () async throws -> Bool) async throws -> Bool {
        var patience = draw(4) == 0 ? 3 : 0
        for _ in 0..<(2 + draw(25)) {
            do {
                guard try await step() else { return false }
            } catch is CancellationError {
                gaveUp()
                patience -= 1
                if patience < 0 { throw CancellationError() }
            }
        }
        return draw(3) != 0
    }

    /// Everything that the peer said has come; false, as nothing more will.
    func readAll() -> Bool {
        ledger.withLock { ledger in
            ledger.hasReadAll = true
            if fault == .leavesTheLastBehind { _ = ledger.received.popLast() }
        }
        return false
    }
}

extension LinkParty {
    /// Nothing of what `self` was told to be accepted came to `other` repeated, torn or out of order; and all
    /// of it where `other` was told of the end, without having asked for it.
    ///
    /// - Parameters:
    ///   - isShutDown: whether the other's loop was: then its inbound side ends, whatever still comes.
    ///   - isClean: whether the scope that `self` had has ended without an error: a connection that was lost
    ///     at the other end then had nothing more to bring.
    func complaints(about other: LinkParty, isShutDown: Bool, isClean: Bool = false) -> [String] {
        let (from, to) = (ledger.withLock { $0 }, other.ledger.withLock { $0 })
        if from.accepted.starts(with: to.received) {
            let isTold = to.hasReadAll || (isClean && to.wasLost && !to.hasFinished)
            let isFree = !isShutDown && !to.hasClosed
            if from.accepted == to.received || !isTold || !isFree { return [] }
        }
        return ["of \(name): accepted \(from.accepted), received \(to.received), \(to.end ?? "at work")"]
    }
}
