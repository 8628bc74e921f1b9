/// What a link may do wrong. Planted between the library and a party's book, so that a party is told what a
/// link with this fault would have told it: the judge of histories has to find each.
package enum LinkFault: String, CaseIterable, Sendable {
    /// What came while its waiter gave up is gone, as where a wait takes an element before it looks whether
    /// it was cancelled.
    case losesAfterGivingUp
    /// What was handed out to a waiter that gave up comes again.
    case repeatsAfterGivingUp
    /// A message comes before the one that was sent ahead of it.
    case overtakes
    /// A piece of a message is missing, and the next one begins in its place.
    case tears
    /// `trySend` says that it has taken what it refused.
    case acceptsWhatItRefuses
    /// The scope returns while its last message waits to be sent.
    case leavesTheLastBehind
    /// A connection that was cut off ends like one that was closed.
    case endsWhereItWasLost
}

extension LinkFault {
    /// The first history from `seeds` in which the fault is found, with what the judge says.
    package func found(within seeds: ClosedRange<UInt64>) async throws -> (seed: UInt64, complaint: String)? {
        for seed in seeds {
            let outcome = try await LinkHistory(seed: seed, fault: self).run()
            if let complaint = outcome.complaints.first { return (seed, complaint) }
        }
        return nil
    }
}
