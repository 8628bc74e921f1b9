import ZCNet

/// Something about the machine, and what to do about it.
struct Finding {
    enum Verdict: String {
        /// As it should be.
        case fine = "ok  "
        /// Works, and could be better.
        case note = "note"
        /// So many connections cannot be had.
        case short = "LOW "
    }

    let verdict: Verdict
    let what: String
    /// How it is, and how it should be.
    let state: String
    /// What to change, and why; empty where nothing is.
    var advice = ""
    var why = ""
}

/// What a machine needs for so many connections of one process.
struct Checkup {
    let machine: Machine
    let connections: Int

    /// All of it, in the order in which one would mend it.
    func findings() -> [Finding] {
        [kernel, driver, descriptors, openFiles] + queues
            + [memory, conntrack, loops, idling].compactMap { $0 }
    }

    /// The descriptors of which `connectionsMax` is seven eighths by default.
    private var descriptorsWanted: Int { max(connections + connections / 7 + 1, connections + 64) }

    private var kernel: Finding {
        let parts = machine.release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        let version = parts.count == 2 ? parts[0] * 1000 + parts[1] : 0
        let state = "Linux \(machine.release)"
        if version >= 6001 { return Finding(verdict: .fine, what: "kernel", state: state) }
        return Finding(
            verdict: .note, what: "kernel", state: state, advice: "Linux 6.1 or later",
            why: version >= 5011
                ? "io_uring as the library uses it came with it"
                : "before 5.11 timers of the epoll driver are rounded up to a millisecond, too")
    }

    private var driver: Finding {
        guard let reason = machine.noURing else {
            return Finding(verdict: .fine, what: "io_uring", state: "can be had; .automatic takes it")
        }
        let off = machine.setting("kernel.io_uring_disabled")?.first ?? 0
        return Finding(
            verdict: .note, what: "io_uring", state: "\(reason); .automatic takes epoll",
            advice: off > 0
                ? "sysctl kernel.io_uring_disabled=0"
                : "a seccomp profile that allows io_uring_setup, _enter, _register",
            why: "small messages cost less over io_uring; everything works without")
    }

    private var descriptors: Finding {
        let state =
            "\(machine.descriptors.now) of at most \(machine.descriptors.most), \(descriptorsWanted) wanted"
        if machine.descriptors.now >= descriptorsWanted {
            return Finding(verdict: .fine, what: "open descriptors", state: state)
        }
        return Finding(
            verdict: .short, what: "open descriptors", state: state,
            advice: "LimitNOFILE=\(descriptorsWanted) in the service's unit, or ulimit -n",
            why: "one for each connection; connectionsMax is seven eighths of them by default")
    }

    private var openFiles: Finding {
        let (each, all) = (machine.setting("fs.nr_open")?.first, machine.setting("fs.file-max")?.first)
        let state = "fs.nr_open \(each.map(String.init) ?? "?"), fs.file-max \(all.map(String.init) ?? "?")"
        let lacking = [("fs.nr_open", each), ("fs.file-max", all)].filter {
            ($0.1 ?? .max) < descriptorsWanted
        }
        if lacking.isEmpty { return Finding(verdict: .fine, what: "open files", state: state) }
        return Finding(
            verdict: .short, what: "open files", state: state,
            advice: "sysctl " + lacking.map { "\($0.0)=\(2 * descriptorsWanted)" }.joined(separator: " "),
            why: "the most that a process, and all of them together, may have open")
    }

    /// Who comes in a burst waits in these.
    private var queues: [Finding] {
        let backlog = ListenerOptions().backlog
        return ["net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog"].compactMap { name in
            guard let value = machine.setting(name)?.first else { return nil }
            let state = "\(value), \(backlog) wanted"
            if value >= backlog { return Finding(verdict: .fine, what: name, state: state) }
            return Finding(
                verdict: .note, what: name, state: state, advice: "sysctl \(name)=\(max(backlog, 65_535))",
                why: "the listener asks for a backlog of \(backlog); the kernel gives no more than this")
        }
    }

    /// What sockets' buffers may take together, in pages.
    private var memory: Finding? {
        guard let pages = machine.setting("net.ipv4.tcp_mem"), pages.count == 3 else { return nil }
        let state = "\(pages[1]) pages before windows shrink, \(connections) wanted"
        if pages[1] >= connections { return Finding(verdict: .fine, what: "net.ipv4.tcp_mem", state: state) }
        return Finding(
            verdict: .note, what: "net.ipv4.tcp_mem", state: state,
            advice:
                "sysctl net.ipv4.tcp_mem=\"\(connections * 3 / 4) \(connections) \(connections * 3 / 2)\"",
            why: "a page for each that has something under way; idle sockets hold none")
    }

    private var conntrack: Finding? {
        let name = "net.netfilter.nf_conntrack_max"
        guard let value = machine.setting(name)?.first else { return nil }
        let wanted = connections + connections / 4
        let state = "\(value), \(wanted) wanted"
        if value >= wanted { return Finding(verdict: .fine, what: name, state: state) }
        return Finding(
            verdict: .short, what: name, state: state, advice: "sysctl \(name)=\(wanted)",
            why: "a firewall that follows connections drops new ones where its table is full")
    }

    private var loops: Finding {
        let limits = LoopLimits()
        let memory = machine.loops * limits.memoryBytesMax
        var state = "\(machine.loops) by default, \(memory >> 20) MiB for what connections hold"
        if let quota = machine.quota { state += ", a quota of \(quota) processors" }
        if let quota = machine.quota, Double(machine.loops) > quota.rounded(.up) {
            return Finding(
                verdict: .note, what: "loops", state: state,
                advice: "group.loops = \(Int(quota.rounded(.up)))",
                why: "more loops than processors' time share the quota, and wait for each other")
        }
        if let bytes = machine.memoryBytes, memory > bytes / 2 {
            return Finding(
                verdict: .note, what: "loops", state: state,
                advice: "group.limits.memoryBytesMax = \(bytes / 4 / machine.loops)",
                why: "the process may use \(bytes >> 20) MiB in all")
        }
        return Finding(verdict: .fine, what: "loops", state: state)
    }

    /// A guest that gives its processor back as soon as it has nothing to do wakes slowly.
    private var idling: Finding? {
        let path = "/sys/module/haltpoll/parameters/guest_halt_poll_ns"
        guard let text = Machine.line(path), let value = Int(text), value == 0 else { return nil }
        return Finding(
            verdict: .note, what: "guest_halt_poll_ns", state: "0", advice: "echo 200000 > \(path)",
            why: "waking a virtual processor takes longer than a message; polling a moment first spares it")
    }
}
