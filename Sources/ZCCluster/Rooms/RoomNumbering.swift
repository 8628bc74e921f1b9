public import ZCNet
public import ZCNetWebSocket

/// Whether members of a room are told where in its channel they are, so that they can come back.
public enum RoomNumbering: Sendable {
    /// They hear the messages alone.
    case none
    /// In front of each message, the position behind it: in text as its word and a blank, such as
    /// `43.9f8e7d6c5b4a3921 hello`; in binary as two numbers of 64 bits, big-endian: the next number, and the
    /// epoch.
    case leading
    /// As the application writes it, of a message and the position behind it. Called once for each message
    /// and node, on the node's loop.
    case custom(@Sendable (_ message: SharedBytes, _ position: ChannelPosition) -> SharedBytes)

    func mark(_ message: SharedBytes, _ position: ChannelPosition, _ form: RoomForm) -> SharedBytes {
        switch (self, form) {
        case (.none, _): message
        case (.custom(let write), _): write(message, position)
        case (.leading, .text):
            SharedBytes(copying: Array("\(position) ".utf8)).followed(by: message)
        case (.leading, .binary):
            SharedBytes(count: 16) { output in
                output.append(bigEndian: position.next.rawValue)
                output.append(bigEndian: position.epoch)
            }.followed(by: message)
        }
    }
}

extension SharedBytes {
    /// These bytes and others in one piece.
    fileprivate func followed(by other: SharedBytes) -> SharedBytes {
        SharedBytes(count: count + other.count) { output in
            output.append(bytes)
            output.append(other.bytes)
        }
    }
}

/// A connection that comes back to a room with a position. The node's loop.
///
/// **Why nothing is heard twice or left out.** What the room hears from now on is held. The log is read
/// until it reaches what is held, however busy the room is; then that is sent, and the connection becomes a
/// member in the same turn of the loop that publishes to members.
final class RoomReturn: Sendable {
    /// Why 1024: what a room hears while the log is read. Beyond, the log has to be read again.
    static let heldMax = 1024

    private struct State: ~Copyable {
        var held: [(message: PreparedMessage, position: ChannelPosition)] = []
        /// The number from which on messages are held; nil while none was heard.
        var first: MessageSequence?
        var failures = 0
        var sent = 0
    }

    private let rooms: ClusterRooms
    private let room: ChannelName
    private let remote: RemoteWebSocket
    private let messagesMax: Int
    private let answer: EngineAnswer<ChannelPosition>
    private let state = OwnedCell(State())
    /// How often the log is read in vain before it is given up.
    private static let failuresMax = 20

    init(
        _ rooms: ClusterRooms, _ room: ChannelName, _ remote: RemoteWebSocket, messagesMax: Int,
        _ answer: @escaping EngineAnswer<ChannelPosition>
    ) {
        self.rooms = rooms
        self.room = room
        self.remote = remote
        self.messagesMax = messagesMax
        self.answer = answer
    }

    func begin(behind position: ChannelPosition) {
        rooms.rooms.expect(self, in: room)
        read(behind: position)
    }

    /// The room has heard a message.
    func hold(_ message: PreparedMessage, _ position: ChannelPosition) {
        if state[].held.count == Self.heldMax {
            state[].held = []
            state[].first = nil
        }
        if state[].first == nil { state[].first = position.last }
        state[].held.append((message, position))
    }

    private func read(behind position: ChannelPosition) {
        rooms.node.read(room, behind: position) { [self] result in
            switch result {
            case .failure(let error):
                if error.isTemporary { return again(error) { $0.read(behind: position) } }
                end(.failure(error))
            case .success(let history): take(history)
            }
        }
    }

    private func take(_ history: ChannelHistory) {
        for (batch, epoch) in zip(history.batches, history.epochs) {
            for (offset, message) in batch.batch.messages.enumerated() {
                let position = ChannelPosition(next: batch.range.lowerBound + (offset + 1), epoch: epoch)
                let marked = rooms.numbering.mark(message, position, rooms.form)
                guard let prepared = rooms.rooms.prepare(marked) else { continue }
                remote.send(prepared)
            }
            state[].sent += batch.batch.messages.count
        }
        if state[].sent > messagesMax {
            let error = ClusterError(
                .full, expected: "at most \(messagesMax) messages behind the position", got: "more")
            return end(.failure(error))
        }
        enter(behind: history.position, hasRead: !history.batches.isEmpty)
    }

    /// Becomes a member, where what is held joins what was read.
    ///
    /// - Parameter hasRead: whether the log had something just now, so that it may have more.
    private func enter(behind start: ChannelPosition, hasRead: Bool) {
        guard let next = rooms.rooms.feed(of: room)?.next else {
            let error = ClusterError(.unavailable, expected: "a channel that can be read", got: "none yet")
            return again(error) { $0.read(behind: start) }
        }
        // What the room has heard before it was held is in the log, and so is what it heard behind that.
        guard state[].first ?? next <= start.next else {
            if hasRead { return read(behind: start) }
            let error = ClusterError(.unavailable, expected: "what the room has heard", got: "less")
            return again(error) { $0.read(behind: start) }
        }
        var position = start
        for held in state[].held where held.position.next > position.next {
            remote.send(held.message)
            position = held.position
        }
        // Members hear what is published from this turn on; what the feed has not brought yet, but the log
        // has, would be heard twice.
        guard next >= position.next else {
            let error = ClusterError(.unavailable, expected: "the room to hear it too", got: "not yet")
            let reached = position
            return again(error) { $0.enter(behind: reached, hasRead: false) }
        }
        rooms.local.join(room.description, remote)
        end(.success(position))
    }

    private func again(_ error: ClusterError, _ work: @escaping @Sendable (RoomReturn) -> Void) {
        state[].failures += 1
        if state[].failures > Self.failuresMax { return end(.failure(error)) }
        rooms.node.engine.schedule(after: rooms.node.options.channel.retryDelay) { [self] in work(self) }
    }

    private func end(_ result: Result<ChannelPosition, ClusterError>) {
        rooms.rooms.settle(self, in: room)
        answer(result)
    }
}

extension ClusterRooms {
    /// Makes a connection a member that has heard the room up to a position: it is sent what has been stored
    /// since, as members hear it, and then hears what is new; nothing twice, and nothing left out. Any
    /// thread, or within a callback; soon.
    ///
    /// - Parameters:
    ///   - messagesMax: the most messages that are sent of what was missed. The connection's limit of output
    ///     applies too.
    ///   - answer: where the connection is when it becomes a member, on the node's loop; or why it does not:
    ///     `otherHistory`, `recordsLost` or `notFound` where what was missed cannot be known, `full` where it
    ///     is too much. Then it is no member, and has to begin anew.
    public func join<State>(
        _ room: ChannelName, _ peer: borrowing WebSocketConnection<State>, behind position: ChannelPosition,
        messagesMax: Int = 10_000, answer: @escaping EngineAnswer<ChannelPosition> = { _ in }
    ) { join(room, peer.remote, behind: position, messagesMax: messagesMax, answer: answer) }

    /// The same for a connection of another thread's.
    public func join(
        _ room: ChannelName, _ remote: RemoteWebSocket, behind position: ChannelPosition,
        messagesMax: Int = 10_000, answer: @escaping EngineAnswer<ChannelPosition> = { _ in }
    ) {
        let one = RoomReturn(self, room, remote, messagesMax: messagesMax, answer)
        if !node.engine.perform({ one.begin(behind: position) }) { answer(.failure(.ended)) }
    }
}
