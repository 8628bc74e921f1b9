import ZCNet

extension GoimHub: GoimDirectory {
    func room(
        _ name: String, on loop: EventLoop, figures: GoimFigures, queues: QueueMemory
    ) -> any GoimMembership {
        open(name, on: loop, figures: figures, queues: queues)
    }
}

extension GoimShard: GoimMembership {
    var name: String { room.name }
    var online: Int { room.online }
}

extension GoimConnection {
    /// Where everybody is found; nil at a client.
    public var hub: GoimHub? { conversation.withCore { $0.directory as? GoimHub } }
}
