/// Brings a server's role and listening sockets to the loops of a group that has not started yet.
struct ServerSetup {
    let group: EventLoopGroup
    let configuration: TCPServer.Configuration
    let admission: Admission
    /// Brings what serves the connections to one loop; answers the role that new ones begin with.
    let install: @Sendable (ConnectionHost, Admission) throws -> UInt16

    /// The address really bound.
    func listen(on wanted: ListenTarget) throws -> SocketAddress {
        try group.checkNotStarted()
        let roles = try group.siblings.all.map { host in
            let role = try install(host, admission)
            return try configuration.security?.install(host, role, admission) ?? role
        }
        let strategy = configuration.acceptStrategy ?? wanted.usualStrategy
        if strategy == .perLoop && group.loops.count > 1 { return try listenPerLoop(wanted, roles) }
        return try listenOnFirst(wanted, roles, strategy)
    }

    private func listenPerLoop(_ target: ListenTarget, _ roles: [UInt16]) throws -> SocketAddress {
        guard case .address(let wanted) = target, wanted.ipAddress != nil else {
            throw ConfigurationError(
                field: "acceptStrategy",
                expected: "roundRobin or leastConnections for a Unix socket, or one that was given",
                got: "perLoop")
        }
        let hosts = group.siblings.all
        if wanted.port != 0, let first = hosts.first { try checkFree(wanted, first.driver) }
        var options = configuration.listener
        options.sharesPort = true
        // The first loop's port 0 becomes a number that the others share.
        var address = wanted
        var opened: [ConnectionHost] = []
        do {
            for (host, role) in zip(hosts, roles) {
                address = try host.doors.listen(
                    on: .address(address), options: options, socketOptions: configuration.socket, role: role,
                    admission: admission, handOut: nil)
                opened.append(host)
            }
        } catch {
            for host in opened { host.doors.closeLatestListener() }
            throw error
        }
        return address
    }

    /// Why: sockets that share a port share it with any other process of the same user that says so too, and
    /// a second instance of a server would silently take half of the connections of the first.
    private func checkFree(_ address: SocketAddress, _ driver: any Driver) throws(SystemError) {
        let (probe, _) = try driver.listen(on: address, options: configuration.listener)
        driver.closeListener(probe, token: Token(listener: 0))
    }

    private func listenOnFirst(
        _ wanted: ListenTarget, _ roles: [UInt16], _ strategy: AcceptStrategy
    ) throws -> SocketAddress {
        guard let first = group.siblings.all.first else {
            preconditionFailure("a group has at least one loop")
        }
        return try first.doors.listen(
            on: wanted, options: configuration.listener, socketOptions: configuration.socket, role: roles[0],
            admission: admission, handOut: group.loops.count > 1 ? makeHandOut(roles, strategy) : nil)
    }

    private func makeHandOut(
        _ roles: [UInt16], _ strategy: AcceptStrategy
    ) -> @Sendable (Descriptor, IPEndpoint) -> Void {
        let picker = HandOut(loops: group.loops, strategy: strategy)
        let siblings = group.siblings
        let admission = admission
        // Handing out happens on the first loop, whose driver may close what it has accepted.
        let first = group.loops[0]
        return { descriptor, peer in
            let index = picker.next()
            let role = roles[index]
            let result = siblings.post(to: index, isControl: true) {
                $0.arrive(AcceptedConnection(descriptor: descriptor, peer: peer), role: role)
            }
            guard result != .posted else { return }
            first.driver.close(descriptor, token: Token(listener: 0), reset: true)
            admission.release(peer)
        }
    }
}
