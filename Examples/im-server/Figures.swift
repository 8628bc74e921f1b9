import Synchronization

/// What the server counts beside its library, which counts connections, bytes and retries. Any thread.
final class Figures: Sendable {
    enum Figure: Int, CaseIterable {
        case connections, sends, stored, refused, deliveries, deadLetters, faults
    }

    private let connections = Atomic<Int>(0)
    private let sends = Atomic<Int>(0)
    private let stored = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let deliveries = Atomic<Int>(0)
    private let deadLetters = Atomic<Int>(0)
    private let faults = Atomic<Int>(0)

    func add(_ figure: Figure) {
        switch figure {
        case .connections: connections.add(1, ordering: .relaxed)
        case .sends: sends.add(1, ordering: .relaxed)
        case .stored: stored.add(1, ordering: .relaxed)
        case .refused: refused.add(1, ordering: .relaxed)
        case .deliveries: deliveries.add(1, ordering: .relaxed)
        case .deadLetters: deadLetters.add(1, ordering: .relaxed)
        case .faults: faults.add(1, ordering: .relaxed)
        }
    }

    private subscript(figure: Figure) -> Int {
        switch figure {
        case .connections: connections.load(ordering: .relaxed)
        case .sends: sends.load(ordering: .relaxed)
        case .stored: stored.load(ordering: .relaxed)
        case .refused: refused.load(ordering: .relaxed)
        case .deliveries: deliveries.load(ordering: .relaxed)
        case .deadLetters: deadLetters.load(ordering: .relaxed)
        case .faults: faults.load(ordering: .relaxed)
        }
    }

    private static func name(_ figure: Figure) -> String {
        figure == .deadLetters ? "dead_letters" : "\(figure)"
    }

    var prometheusText: String {
        Figure.allCases.map { figure in
            let name = "im_\(Self.name(figure))_total"
            return "# TYPE \(name) counter\n\(name) \(self[figure])\n"
        }.joined()
    }

    var json: String {
        let fields = Figure.allCases.map { "\"\(Self.name($0))\":\(self[$0])" }
        return "{\(fields.joined(separator: ","))}"
    }
}
