import Testing

/// The habits that keep the sources well, as far as a machine can see them.
struct TidyTests {
    static let sources = SourceTree.files(below: "Sources")
    static let everything =
        sources + SourceTree.files(below: "Examples") + SourceTree.files(below: "Benchmarks")
        + SourceTree.files(below: "Fuzzing")
        + SourceTree.files(below: "Tests").filter { !$0.path.contains("/Fixtures/") }

    /// The layers of a module, lowest first; folders of one layer serve each other. `.` are the files that
    /// are in no folder; where it is not named, they only say what the module exports.
    static let layers: [String: [[String]]] = [
        "ZCNet": [
            ["System"], ["Sync"], ["Bytes", "Pools"], ["Rings"], ["Time"], ["Telemetry"], ["Driver"],
            ["Loop"],
            ["Connections"], ["Links"],
        ],
        "ZCNetWebSocket": [
            ["HTTP"], ["Handshake"], ["Framing"], ["Compression"], ["Telemetry"], ["Session"],
            ["Rooms", "HandOff"], ["Server"], ["Client"], ["Links"],
        ],
        "ZCGoim": [
            ["Codec"], ["Telemetry"], ["Session"], ["Rooms"], ["Consumer"], ["Server"], ["Client"], ["Links"],
        ],
        "ZCSBE": [["Wire"], ["Schema"], ["Decoding", "Encoding"], ["Values"]],
        "ZCSBEServer": [[".", "Generated"], ["Trade"]],
        "ZCNATS": [["Wire"], ["Telemetry"], ["Session"], ["Client"], ["JetStream"], ["KeyValue"]],
        "ZCDelivery": [["."], ["Figures"], ["Queue", "Store"], ["Acknowledgement", "Retry"]],
        "ZCCluster": [["Engine"], ["Log"], ["Slots"], ["Node"], ["NATS", "Presence", "Rooms"]],
        "SBECompiler": [
            ["Problems", "Terms"], ["XML"], ["Model"], ["Layout", "Validation"],
            ["Description", "Dynamic", "Emission"], ["."],
        ],
    ]

    /// Folders that know bytes and no connections: of ZCNet they name what lies below the drivers.
    static let bytesOnly = [
        "ZCNetWebSocket/HTTP", "ZCNetWebSocket/Handshake", "ZCNetWebSocket/Framing",
        "ZCNetWebSocket/Compression", "ZCGoim/Codec", "ZCNATS/Wire",
    ]

    /// Modules, and what each stands on. `Docs/Architecture.md` has the same table in words.
    static let modules: [String: Set<String>] = [
        "CZCNet": [], "CZlib": [], "CLibdeflate": [], "COpenSSL": [], "ZCBytes": [], "ZCLibC": [],
        "ZCNet": ["CZCNet", "ZCBytes", "ZCLibC"],
        "ZCNetWebSocket": ["CLibdeflate", "CZCNet", "CZlib", "ZCLibC", "ZCNet"],
        "ZCNetTesting": ["ZCLibC", "ZCNet", "ZCNetWebSocket"],
        "ZCNetTLS": ["COpenSSL", "ZCLibC", "ZCNet"],
        "ZCSBE": ["ZCBytes"],
        "ZCSBEServer": ["ZCNet", "ZCNetWebSocket", "ZCSBE"],
        "ZCGoim": ["ZCNet", "ZCNetWebSocket"],
        "ZCDelivery": ["ZCLibC", "ZCNet"],
        "ZCNATS": ["ZCLibC", "ZCNet"],
        "ZCCluster": ["ZCDelivery", "ZCNATS", "ZCNet", "ZCNetWebSocket"],
        "ZCGoimCluster": ["ZCCluster", "ZCGoim", "ZCNet"],
        "ZCProto": ["ZCDelivery", "ZCGoim", "ZCNet", "ZCNetWebSocket", "ZCSBE", "ZCSBEServer"],
        "SBECompiler": [],
        "SBETool": ["SBECompiler"],
    ]

    @Test func theTreeIsThere() {
        #expect(Self.sources.count > 60)
        #expect(Self.everything.count > Self.sources.count)
    }

    @Test func filesStayReadable() {
        for file in Self.everything {
            // Generated code is as its compiler writes it.
            if file.lines[0].hasPrefix("// Generated from ") { continue }
            #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines")
            for (number, line) in file.lines.enumerated() where line.count > 110 {
                Issue.record("\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }

    /// What is read together stands together: the median file of a module has 80 to 200 lines, and fewer than
    /// one in twenty have less than 25. A module of one file is as long as what it says.
    @Test func filesAreWorthOpening() {
        let written = Self.sources.filter { !$0.lines[0].hasPrefix("// Generated from ") }
        let modules = Dictionary(grouping: written) { String($0.path.split(separator: "/")[1]) }
        for (module, files) in modules where files.count > 1 {
            // Without the empty one behind the last line feed.
            let sizes = files.map { $0.lines.count - 1 }.sorted()
            let median = sizes[sizes.count / 2]
            #expect((80...200).contains(median), "\(module): the median file has \(median) lines")
            let slips = sizes.count { $0 < 25 }
            #expect(slips * 20 < sizes.count, "\(module): \(slips) of \(sizes.count) files are slips")
        }
    }

    /// What the compiler cannot check stands in few places. The bound goes down with every file that needs it
    /// no more, and never up.
    @Test func unsafeStaysInFewFiles() {
        let filesMax = 86
        let files = Self.sources.filter { file in
            !Self.isTool(file) && file.code.contains { Self.words(of: $0).contains("unsafe") }
        }
        #expect(files.count <= filesMax, "unsafe code in \(files.count) files: \(files.map(\.path))")
    }

    @Test func functionsStayShort() {
        for file in Self.everything {
            for function in Self.functions(of: file) where function.lines > 70 {
                Issue.record("\(file.path):\(function.start) is a function of \(function.lines) lines")
            }
        }
    }

    /// Functions by the indentation of their first and last lines, which the formatter keeps right.
    private static func functions(of file: SourceTree.File) -> [(start: Int, lines: Int)] {
        var result: [(start: Int, lines: Int)] = []
        for (number, line) in file.lines.enumerated() {
            let code = line.drop { $0 == " " }
            let words = code.split(separator: " ").prefix(6)
            guard words.contains(where: { $0 == "func" || $0.hasPrefix("init(") || $0 == "deinit" }),
                !code.hasPrefix("//")
            else { continue }
            let indentation = line.prefix { $0 == " " }
            // A requirement of a protocol has no end of its own before the protocol's.
            let end = file.lines[(number + 1)...].firstIndex { $0 == indentation + "}" || $0 == "}" }
            guard let end, file.lines[end] == indentation + "}", !line.hasSuffix("}") else { continue }
            result.append((number + 1, end - number + 1))
        }
        return result
    }

    @Test func sourcesLeaveNothingUndone() {
        let words = ["TODO", "FIXME", "XXX", "try!", "fatalError("]
        for file in Self.sources {
            for (number, line) in file.lines.enumerated() {
                for word in words where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1) says \(word)")
                }
            }
        }
    }

    /// The compiler of SBE schemas runs at build time; no application links it.
    private static func isTool(_ file: SourceTree.File) -> Bool {
        file.path.hasPrefix("Sources/SBECompiler/") || file.path.hasPrefix("Sources/SBETool/")
    }

    @Test func theLibrariesAreGoodGuests() {
        // A library neither prints nor ends the process, asks nobody's environment, installs no signal
        // handler, and links neither Foundation nor Dispatch. Methods of these names are something else.
        let names = "print|exit|_exit|abort|getenv|signal|sigaction|import Foundation|import Dispatch"
        guard let calls = try? Regex("(?:^|[^.\\w])(\(names))\\b", as: (Substring, Substring).self) else {
            Issue.record("the pattern is none")
            return
        }
        for file in Self.sources where !Self.isTool(file) {
            for (number, line) in file.code.enumerated() {
                guard let match = line.firstMatch(of: calls) else { continue }
                let isCall = line[match.range.upperBound...].hasPrefix("(") || match.1.hasPrefix("import")
                if isCall && !line.contains("func \(match.1)") && !file.path.contains("/Rings/") {
                    Issue.record("\(file.path):\(number + 1) uses \(match.1)")
                }
            }
        }
    }

    /// Locks are for what happens once per connection or less, never per message. A publication to a room
    /// takes one, for all members together, and a message compressed for many one per window.
    @Test func locksStayInColdPlaces() {
        let allowed = [
            "Admission.swift", "LoopServices.swift", "EventLoopGroup.swift", "EventLoopGroup+Running.swift",
            "SiblingHosts.swift",
            "LoopNumbers.swift", "Boxes.swift", "Signals.swift", "RoomDirectory.swift",
            "LoopCompressor.swift",
            // A publication takes one for each loop that has members.
            "LoopPublications.swift",
            // A handshake of TLS takes one or two.
            "TLSServer.swift", "ClientContext.swift",
            "ClientExchange.swift", "Reconnector.swift",
            // A push takes one by key or room; a burst for a thread of a dispatcher takes two.
            "GoimHub.swift", "GoimRoom.swift", "GoimDispatcher.swift", "GoimRing.swift",
            // Who waits for a connection, and whoever cancels that, take one or two.
            "GoimAttempt.swift", "TCPLinkClient.swift",
            // What comes to a lane while its loop ends.
            "LoopLane.swift",
            // A frame of messages for a consumer elsewhere takes one; a handler, when it is made.
            "HandOff.swift", "GatewayFigures.swift",
            // A publication from another thread than the client's takes one; what is fetched for a task, too.
            "NATSOutbox.swift", "JetStreamPull.swift",
        ]
        for file in Self.sources where !allowed.contains(file.name) {
            for (number, line) in file.code.enumerated()
            where [Self.unseenLock, "Locked(", "Locked<", "pthread_mutex"].contains(where: line.contains) {
                Issue.record("\(file.path):\(number + 1) locks")
            }
        }
    }

    /// `Synchronization`'s lock, whose name no test may contain.
    private static let unseenLock = "Mut" + "ex"

    /// Its contended way lies in the uninstrumented standard library, so that the thread sanitizer takes it
    /// for a race, once in many runs: `Locked` is there for tests too.
    @Test func noTestLocksUnseen() {
        for file in SourceTree.files(below: "Tests") {
            for (number, line) in file.code.enumerated() where line.contains(Self.unseenLock) {
                Issue.record("\(file.path):\(number + 1): expected Locked, got \(Self.unseenLock)")
            }
        }
    }

    @Test(arguments: layers.keys.sorted())
    func noLayerReachesUpward(module: String) {
        let all = SourceTree.files(below: "Sources/" + module)
        let ranks = Self.ranks(of: module)
        let files = all.compactMap { file -> (file: SourceTree.File, layer: Int)? in
            let folder = Self.folder(of: file)
            guard let layer = ranks[folder] else {
                if folder != "." { Issue.record("\(file.path) is in no layer") }
                return nil
            }
            return (file, layer)
        }
        let home = Self.homes(of: module)
        for (file, own) in files {
            for (number, line) in file.code.enumerated() {
                for token in Self.words(of: line) {
                    guard let other = home[token], other > own else { continue }
                    Issue.record("\(file.path):\(number + 1) names \(token) of a higher layer")
                }
            }
        }
    }

    /// The parts of a host can be read alone: none names the host or another part, and nobody looks behind
    /// one.
    @Test func partsOfTheHostKeepToThemselves() {
        let parts = ["Doors", "Intake", "Output", "Endings"]
        let files = SourceTree.files(below: "Sources/ZCNet/Connections")
        for part in parts {
            let own = files.filter { $0.name.hasPrefix("Connection\(part)") }
            #expect(!own.isEmpty, "no file of \(part)")
            let others = Set(parts.filter { $0 != part }.map { "Connection\($0)" } + ["ConnectionHost"])
            for file in own {
                for (number, line) in file.code.enumerated() {
                    for word in Self.words(of: line) where others.contains(String(word)) {
                        Issue.record("\(file.path):\(number + 1) names \(word)")
                    }
                }
            }
            let state = "\(part.lowercased()).state"
            for file in files {
                for (number, line) in file.code.enumerated() where line.contains(state) {
                    Issue.record("\(file.path):\(number + 1) looks behind \(part)")
                }
            }
        }
    }

    @Test(arguments: bytesOnly)
    func codecsKnowNoConnections(folder: String) {
        let home = Self.homes(of: "ZCNet")
        guard let most = Self.ranks(of: "ZCNet")["Telemetry"] else { return }
        let files = SourceTree.files(below: "Sources/" + folder)
        #expect(!files.isEmpty)
        for file in files {
            for (number, line) in file.code.enumerated() {
                for token in Self.words(of: line) {
                    guard let layer = home[token], layer > most else { continue }
                    Issue.record("\(file.path):\(number + 1) names \(token), which knows connections")
                }
            }
        }
    }

    /// The folder that a file of a module is in; `.` for one that is in none.
    private static func folder(of file: SourceTree.File) -> String {
        let parts = file.path.split(separator: "/")
        return parts.count > 3 ? String(parts[2]) : "."
    }

    private static func ranks(of module: String) -> [String: Int] {
        var ranks: [String: Int] = [:]
        for (index, folders) in (layers[module] ?? []).enumerated() {
            for folder in folders { ranks[folder] = index }
        }
        return ranks
    }

    /// The layer that each type of a module is declared in.
    private static func homes(of module: String) -> [Substring: Int] {
        let ranks = ranks(of: module)
        var home: [Substring: Int] = [:]
        for file in SourceTree.files(below: "Sources/" + module) {
            guard let layer = ranks[folder(of: file)] else { continue }
            for name in typesDeclared(in: file) { home[name] = max(home[name] ?? 0, layer) }
        }
        return home
    }

    /// Another C library, such as musl, is one change.
    @Test func theCLibraryIsImportedInOnePlace() {
        let files = Self.sources.filter {
            $0.lines.contains { $0.hasSuffix("import Glibc") } && !Self.isTool($0)
        }
        #expect(files.map(\.path) == ["Sources/ZCLibC/LibC.swift"])
    }

    /// Imports, and the names of types, which a module that is exported again needs no import for.
    @Test func noModuleReachesBeyondWhatItStandsOn() {
        func module(_ file: SourceTree.File) -> String { String(file.path.split(separator: "/")[1]) }
        var homes: [Substring: Set<String>] = [:]
        for file in Self.sources {
            for name in Self.typesDeclared(in: file) where Self.modules[String(name)] == nil {
                homes[name, default: []].insert(module(file))
            }
        }
        for file in Self.sources {
            let own = module(file)
            guard let below = Self.modules[own] else {
                Issue.record("\(file.path) is of a module that no rule is known for")
                continue
            }
            // What is exported by a module below comes along with it.
            let known = below.union(below.flatMap { Self.modules[$0] ?? [] }).union([own])
            for (number, line) in file.code.enumerated() {
                let words = Self.words(of: line)
                if let place = words.firstIndex(of: "import"), place + 1 < words.count {
                    let name = String(words[place + 1])
                    if Self.modules[name] != nil && !below.contains(name) {
                        Issue.record("\(file.path):\(number + 1) imports \(name)")
                    }
                    continue
                }
                for word in words {
                    guard let places = homes[word], places.isDisjoint(with: known) else { continue }
                    Issue.record("\(file.path):\(number + 1) names \(word) of another module")
                }
            }
        }
    }

    private static func words(of line: String) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Types declared at the outermost level; nested ones belong to their owner.
    private static func typesDeclared(in file: SourceTree.File) -> [Substring] {
        file.code.compactMap { line in
            guard line.first != " " else { return nil }
            let tokens = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            guard
                let keyword = tokens.firstIndex(where: {
                    ["struct", "class", "enum", "protocol", "actor"].contains($0)
                }),
                keyword + 1 < tokens.count
            else { return nil }
            return tokens[keyword + 1]
        }
    }

    @Test func everyPublicSymbolIsDocumented() {
        for file in Self.sources {
            for (number, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                guard code.hasPrefix("public ") || code.hasPrefix("@inlinable public "),
                    !code.hasPrefix("public import"), !code.hasPrefix("public extension")
                else { continue }
                var above = number - 1
                while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
                let comment = above >= 0 ? file.lines[above].drop { $0 == " " } : ""
                if !comment.hasPrefix("///") && !comment.hasPrefix("// SAFETY") {
                    Issue.record("\(file.path):\(number + 1) has no documentation: \(code)")
                }
            }
        }
    }

    /// One case a line, each with what it means.
    @Test func everyPublicCaseIsDocumented() {
        for file in Self.sources where !file.lines[0].hasPrefix("// Generated from ") {
            var indentation: String?
            for (number, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("public enum ") || code.hasPrefix("public indirect enum ") {
                    if line.hasSuffix("{") { indentation = String(line.prefix { $0 == " " }) }
                    continue
                }
                guard let own = indentation else { continue }
                if line == own + "}" { indentation = nil }
                guard line.hasPrefix(own + "    case ") else { continue }
                let comment = file.lines[number - 1].drop { $0 == " " }
                if !comment.hasPrefix("///") || line.contains(", ") && !line.contains("(") {
                    Issue.record("\(file.path):\(number + 1) has a case that is not explained: \(code)")
                }
            }
        }
    }

    /// A comment of three words repeats the name that it stands over.
    @Test func documentationSaysMoreThanTheName() {
        func isDocumentation(_ line: String) -> Bool { line.drop { $0 == " " }.hasPrefix("///") }
        for file in Self.sources where !file.lines[0].hasPrefix("// Generated from ") {
            let all = file.lines
            for (number, line) in all.enumerated() where isDocumentation(line) {
                // One line alone; the last line of a file is empty.
                if number > 0 && isDocumentation(all[number - 1]) || isDocumentation(all[number + 1]) {
                    continue
                }
                if line.split(separator: " ").count <= 4 {
                    Issue.record("\(file.path):\(number + 1) says little: \(line)")
                }
            }
        }
    }

    /// The project speaks of itself alone.
    @Test func noPathOfAnyMachine() {
        for file in Self.everything where file.name != "TidyTests.swift" {
            for (number, line) in file.lines.enumerated()
            where line.contains("/work/") || line.contains("/home/") {
                Issue.record("\(file.path):\(number + 1) names a machine's path")
            }
        }
    }
}
