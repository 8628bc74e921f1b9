import ClusterSimulation
import Testing

/// What the checker of histories finds, on histories written by hand.
@Suite struct HistoryCheckerTests {
    private typealias Message = ClusterHistory.Message

    /// Five messages of two publishers, all acknowledged and heard.
    private var sound: ClusterHistory {
        var history = ClusterHistory()
        let messages = [(1, 1), (2, 1), (1, 2), (1, 3), (2, 2)].map { Message(publisher: $0.0, number: $0.1) }
        history.sent = Set(messages)
        for (index, message) in messages.enumerated() {
            history.log.append(.init(UInt64(index + 1), message))
        }
        history.acknowledged = history.log
        var view = ClusterHistory.View(name: "listener", start: 2)
        view.messages = Array(history.log.dropFirst())
        view.isComplete = true
        history.views = [view]
        return history
    }

    @Test func aSoundHistoryHasNoViolation() {
        #expect(sound.violations().isEmpty)
        // What nobody was told of may be missing, or there.
        var history = sound
        history.acknowledged.removeLast()
        #expect(history.violations().isEmpty)
        history.sent.insert(Message(publisher: 9, number: 1))
        #expect(history.violations().isEmpty)
    }

    @Test func whatWasAcknowledgedAndIsNotThereIsFound() {
        var history = sound
        history.log.removeLast()
        history.views = []
        #expect(history.violations() == ["2/2 was acknowledged as 5, where the log has nothing"])
        history = sound
        history.acknowledged[4] = .init(4, Message(publisher: 2, number: 2))
        #expect(history.violations() == ["2/2 was acknowledged as 4, where the log has 1/3"])
    }

    @Test func gapsRepetitionsAndDisorderAreFound() {
        var history = sound
        history.log.append(.init(7, Message(publisher: 1, number: 4)))
        history.sent.insert(Message(publisher: 1, number: 4))
        history.views = []
        #expect(history.violations() == ["the log has number 7 where 6 is expected"])
        history = sound
        history.log.append(.init(6, Message(publisher: 2, number: 1)))
        history.views = []
        #expect(history.violations() == ["2/1 is in the log as 2 and as 6"])
        history = sound
        history.log.append(.init(6, Message(publisher: 3, number: 1)))
        history.views = []
        #expect(history.violations() == ["3/1 is in the log, and nobody has sent it"])
        history = sound
        history.log.swapAt(2, 3)
        let numbers = (1...5).map { UInt64($0) }
        history.log = zip(numbers, history.log).map { .init($0, $1.message) }
        history.acknowledged = []
        history.views = []
        #expect(history.violations() == ["1/2 stands behind 1/3"])
    }

    @Test func viewsThatMissOrRepeatAreFound() {
        var history = sound
        history.views[0].messages.remove(at: 1)
        #expect(history.violations() == ["listener was given 4 where 3 comes next"])
        history = sound
        history.views[0].messages.append(history.log[4])
        #expect(history.violations() == ["listener was given 5 where 6 comes next"])
        history = sound
        history.views[0].messages.removeLast()
        #expect(history.violations() == ["listener has nothing from 5 on of 5"])
        history.views[0].isComplete = false
        #expect(history.violations().isEmpty)
        history = sound
        history.views[0].messages[0] = .init(2, Message(publisher: 1, number: 1))
        #expect(history.violations() == ["listener was given 1/1 as 2, where the log has 2/1"])
    }
}
