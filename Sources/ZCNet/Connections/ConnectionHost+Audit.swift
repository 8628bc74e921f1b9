/// Checks the books against the memory itself, for tests: walks everything that every connection holds.
extension ConnectionHost {
    /// Has `auditMemory` ask a protocol layer what its queues to other threads hold.
    package func addQueueAudit(_ held: @escaping () -> Int) { state[].queueAudits.append(held) }

    /// What does not agree, in words; empty when the books are right. O(all that is held).
    package func auditMemory() -> [String] {
        settleOthers()
        var pooled = 0
        var messages = 0
        var places = 0
        var requests = 0
        var complaints: [String] = []
        let shared = OutputBooks(MemoryBudget())
        state[].table.forEach { slot in
            pooled += intake.memoryHeld(slot)
            if let outbound = unsafe slot[].outbound {
                let audited = unsafe outbound.pointee.audited
                pooled += audited.pooled
                places += audited.places
                if !audited.isRight { complaints.append("output of \(slot[].id): holds not what it says") }
                unsafe outbound.pointee.forEachSettled { shared.hold($0) }
            }
            // A connection that is being made has no state of its protocol yet.
            if slot[].flags.contains(.connecting) { return }
            let held = withRole(of: slot) { $0.memory?.held(base(slot)) } ?? HeldMemory()
            messages += held.messages
            requests += held.requests
        }
        let contexts = state[].roles.reduce(0) { $0 + ($1.memory?.loopContexts() ?? 0) }
        let chunks = intake.retainedBytes + driver.retainedBytes
        let output = places + shared.heldBytes
        let queued = state[].queueAudits.reduce(0) { $0 + $1() }
        func compare(_ what: String, held: Int, charged: Int) {
            if held != charged { complaints.append("\(what): \(held) bytes held, \(charged) charged") }
        }
        compare("buffers", held: pooled, charged: buffers.pool.outstandingBytes)
        compare("messages", held: messages, charged: budget[.messages])
        compare("contexts", held: contexts, charged: budget[.contexts])
        compare("output", held: output, charged: budget[.output])
        compare("chunks", held: chunks, charged: budget[.chunks])
        compare("requests", held: requests, charged: budget[.requests])
        compare("queues", held: queued, charged: budget[.queues])
        let all = pooled + messages + contexts + output + chunks + requests + queued
        compare("all", held: all, charged: budget.bytes)
        return complaints
    }
}
