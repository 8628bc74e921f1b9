import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Many client links of one task.
@Suite struct LinkGroupTests {
    private func policy() -> ReconnectPolicy {
        var policy = ReconnectPolicy()
        policy.attemptsMax = 2
        return policy
    }

    @Test func eventsOfManyLinksArriveInOneplaceInOrder() throws {
        let pair = try LinkPair { link, _ in
            for number in 0..<20 { try await link.send("\(number)") }
            while let message = try await link.next() { try await link.send("re " + message.text) }
        }
        let client = pair.client
        let log = pair.log
        let task = pair.task {
            let seen = try await client.withLinks { links in
                for _ in 0..<10 { try links.add(LinkPair.url) }
                var seen: [LinkID: [String]] = [:]
                var answers = 0
                try await links.forEach { event in
                    switch event {
                    case .opened(let id): links.trySend("hello", to: id)
                    case .message(let id, let message):
                        if message.text.hasPrefix("re ") { answers += 1 }
                        seen[id, default: []].append(message.text)
                    case .interrupted, .closed: break
                    }
                    return answers == 10 ? .stop : .next
                }
                log.add("in \(links.figures.messagesIn) out \(links.figures.messagesOut)")
                log.add("open \(links.figures.openCount) of \(links.links.count)")
                return seen
            }
            let expected = (0..<20).map { "\($0)" } + ["re hello"]
            log.add("right \(seen.values.count { $0 == expected })")
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(log.all.filter { !$0.hasPrefix("client") } == ["in 210 out 10", "open 10 of 10", "right 10"])
        #expect(log.all.last == "client done")
        #expect(try pair.network.run { pair.group.hosts.allSatisfy { $0.connectionCount == 0 } })
        pair.network.stop()
    }

    /// One link's failure touches no other; it comes back with a delay, until its policy has enough.
    @Test func oneLinksFailureTouchesNoOther() throws {
        let pair = try LinkPair { link, _ in
            while let message = try await link.next() {
                if message.text == "go" { throw CancellationError() }
                try await link.send(message)
            }
        }
        let client = pair.client
        let log = pair.log
        let policy = policy()
        let task = pair.task {
            try await client.withLinks { links in
                let good = try links.add(LinkPair.url, policy: policy)
                let dead = try links.add("ws://127.0.0.1:9/", policy: policy)
                let lost = try links.add(LinkPair.url, policy: policy)
                var openings = 0
                while let event = try await links.next() {
                    switch event {
                    case .opened(lost):
                        openings += 1
                        links.trySend(openings == 1 ? "go" : "back", to: lost)
                    case .opened(let id): links.trySend("x", to: id)
                    case .message(let id, let message):
                        log.add("\(id == good ? "good" : "lost") \(message.text)")
                        if id == lost { links.remove(lost) }
                    case .interrupted(let id, _, _): log.add(id == dead ? "dead waits" : "lost waits")
                    case .closed(let id, let cause):
                        log.add("\(id) closed \(cause == nil)")
                        if links.links == [good] {
                            log.add("good is \(links.figures(of: good)?.openCount ?? 0)")
                            return
                        }
                    }
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        let lines = log.all
        #expect(lines.contains("good x") && lines.contains("lost waits") && lines.contains("lost back"))
        #expect(lines.count { $0 == "dead waits" } == 2 && lines.contains("link 1 closed false"), "\(lines)")
        #expect(lines.contains("link 2 closed true") && lines.suffix(2) == ["good is 1", "client done"])
        pair.network.stop()
    }

    /// While the task does something else, links wait; then they are served, each in order, none starved.
    @Test func aBusyGroupLosesNothing() throws {
        let pair = try LinkPair(seed: 5, faults: .none) { link, _ in
            for number in 0..<300 { try await link.send(String(repeating: "x", count: 1000) + " \(number)") }
            _ = try await link.next()
        }
        let client = pair.client
        let log = pair.log
        let task = pair.task {
            try await client.withLinks { links in
                for _ in 0..<5 { try links.add(LinkPair.url) }
                var next: [LinkID: Int] = [:]
                var count = 0
                while count < 1500, let event = try await links.next() {
                    guard case .message(let id, let message) = event else { continue }
                    let expected = "x \(next[id, default: 0])"
                    if !message.text.hasSuffix(expected) { log.add("not \(expected)") }
                    next[id, default: 0] += 1
                    count += 1
                    if count % 50 == 0 { await Task.yield() }
                }
                log.add("took \(count)")
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(log.all == ["took 1500", "client done"])
        #expect(pair.group.hosts.allSatisfy { $0.auditMemory() == [] })
        pair.network.stop()
    }

    /// A server that accepts, says something and hangs up, again and again, while the task is busy elsewhere:
    /// no link comes back before its loss was told, and nothing that came is lost.
    @Test func aFlappingLinkWaitsForItsTask() throws {
        let pair = try LinkPair { link, log in
            log.add("accepted")
            try await link.send("hello")
            throw CancellationError()
        }
        let (client, log) = (pair.client, pair.log)
        let isFree = TaskSignal()
        var policy = ReconnectPolicy()
        (policy.initialDelay, policy.delayMax) = (.milliseconds(10), .milliseconds(10))
        let task = pair.task { [policy] in
            try await client.withLinks { links in
                for _ in 0..<3 { try links.add(LinkPair.url, policy: policy) }
                await isFree.wait()
                var stories: [LinkID: String] = [:]
                try await links.forEach { event in
                    switch event {
                    case .opened(let id): stories[id, default: ""] += "("
                    case .message(let id, let message): stories[id, default: ""] += message.text
                    case .interrupted(let id, _, _), .closed(let id, _): stories[id, default: ""] += ")"
                    }
                    return stories.count == 3 && stories.values.allSatisfy { $0.count >= 28 } ? .stop : .next
                }
                for story in stories.values.sorted() { log.add("story \(story.prefix(28))") }
            }
        }
        try pair.network.run(for: .seconds(60))
        #expect(log.all == ["accepted", "accepted", "accepted"])
        isFree.signal()
        #expect(try pair.network.run { task.hasEnded })
        let story = "story (hello)(hello)(hello)(hello)"
        #expect(log.all.filter { !$0.hasPrefix("accepted") } == [story, story, story, "client done"])
        pair.network.stop()
    }

    /// What is told of a link whose connection was still being tried, or that waited for its next try,
    /// concerns nobody when the group is gone.
    @Test(arguments: [0, 1, 2, 5])
    func aScopeEndsWhileItsLinksAreStillConnecting(afterEvents count: Int) throws {
        let pair = try LinkPair { link, _ in while try await link.next() != nil {} }
        let client = pair.client
        let task = pair.task {
            try await client.withLinks { links in
                for _ in 0..<4 {
                    try links.add(LinkPair.url)
                    try links.add("ws://127.0.0.1:9/")
                }
                var seen = 0
                if count == 0 { return }
                try await links.forEach { _ in
                    seen += 1
                    return seen == count ? .stop : .next
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        try pair.network.run(for: .seconds(30))
        #expect(pair.log.all.last == "client done")
        #expect(pair.group.hosts.allSatisfy { $0.connectionCount == 0 })
        pair.network.stop()
    }

    @Test func aGroupEndsWithItsTaskAndItsLoop() throws {
        for isCancelled in [true, false] {
            let pair = try LinkPair { link, log in
                while try await link.next() != nil {}
                log.add("server's end")
            }
            let client = pair.client
            let log = pair.log
            let task = pair.task {
                try await client.withLinks { links in
                    for _ in 0..<3 { try links.add(LinkPair.url) }
                    try await links.forEach { event in
                        if case .opened = event { log.add("open") }
                        return .next
                    }
                    log.add("nobody is left")
                }
            }
            #expect(try pair.network.run { log.count(of: "open") == 3 })
            if isCancelled { task.cancel() } else { pair.client.shutdown(grace: .seconds(2)) }
            #expect(try pair.network.run { task.hasEnded && log.count(of: "server") == 3 }, "\(log.all)")
            #expect(log.all.contains(isCancelled ? "client threw CancellationError()" : "client done"))
            #expect(pair.network.elapsed < .seconds(2))
            pair.network.stop()
        }
    }
}
