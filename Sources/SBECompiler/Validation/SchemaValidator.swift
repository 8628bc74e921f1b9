/// Checks what can be seen in the model without resolving a type: names, ids, versions.
struct SchemaValidator {
    private let schema: SchemaModel
    private(set) var problems: ProblemList

    init(_ schema: SchemaModel, problems: ProblemList) {
        self.schema = schema
        self.problems = problems
    }

    /// Notes all problems of the schema.
    mutating func validate() {
        var names: [String: Origin] = [:]
        for type in schema.types {
            check(type)
            checkUnique(type.name, type.common.origin, among: &names, what: "types")
        }
        var messages: [String: Origin] = [:]
        var ids: [Int: Origin] = [:]
        for message in schema.messages {
            checkUnique(message.block.name, message.block.origin, among: &messages, what: "messages")
            if let other = ids.updateValue(message.block.origin, forKey: message.block.id) {
                problems.error(
                    message.block.origin,
                    "expected a template id of its own, got id \(message.block.id), which \(other.tag) of "
                        + "line \(other.location.line) has already")
            }
            check(message.block)
        }
    }

    // MARK: Names

    /// Names are letters, digits and `_` (Message Schema, "Naming convention").
    private mutating func checkName(_ name: String, _ origin: Origin) {
        let isValid = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        // An empty name is noted as a missing attribute.
        if !isValid {
            problems.error(origin, "expected a name of letters, digits and _, got \"\(name)\"")
        } else if let first = name.utf8.first, (0x30...0x39).contains(first) {
            // So the standard's XML schema has it; its text and the reference let such names pass.
            problems.warning(origin, "expected a name that begins with a letter or _, got \"\(name)\"")
        }
    }

    private mutating func checkUnique(
        _ name: String, _ origin: Origin, among names: inout [String: Origin], what: String
    ) {
        checkName(name, origin)
        guard !name.isEmpty, let other = names.updateValue(origin, forKey: name) else { return }
        problems.error(
            origin,
            "expected a name of its own among the \(what), got \"\(name)\", which is the name of "
                + "\(other.tag) in line \(other.location.line) already")
    }

    // MARK: Versions

    private mutating func checkVersions(_ since: Int, _ annotations: Annotations, _ origin: Origin) {
        if since > schema.version {
            problems.error(
                origin,
                "expected a sinceVersion of at most the schema's version \(schema.version), got \(since)")
        }
        guard let deprecated = annotations.deprecated else { return }
        if deprecated > schema.version {
            problems.warning(
                origin,
                "expected deprecated to be at most the schema's version \(schema.version), got \(deprecated)")
        }
    }

    /// Additions stand behind what older versions have (Schema Extension, "Constraints").
    private mutating func checkOrder(_ since: Int, _ origin: Origin, after latest: inout Int) {
        if since < latest {
            problems.warning(
                origin, "expected additions of version \(latest) behind this element of version \(since)")
        }
        latest = max(latest, since)
    }

    // MARK: Types

    private mutating func check(_ type: TypeModel) {
        checkVersions(type.common.sinceVersion, type.common.annotations, type.common.origin)
        switch type {
        case .simple: break
        case .composite(let composite): check(composite)
        case .enumeration(let enumeration):
            if enumeration.values.isEmpty {
                problems.warning(enumeration.common.origin, "expected at least one validValue, got none")
            }
            check(enumeration.values, what: "valid values")
        case .set(let set): check(set.choices, what: "choices")
        }
    }

    private mutating func check(_ composite: CompositeModel) {
        if composite.members.isEmpty {
            problems.warning(composite.common.origin, "expected at least one member, got none")
        }
        var names: [String: Origin] = [:]
        for member in composite.members {
            checkUnique(member.common.name, member.common.origin, among: &names, what: "members")
            switch member {
            case .inline(let type): check(type)
            case .reference(let reference):
                checkVersions(
                    reference.common.sinceVersion, reference.common.annotations, reference.common.origin)
            }
        }
    }

    private mutating func check(_ values: [ListedValueModel], what: String) {
        var names: [String: Origin] = [:]
        for value in values {
            checkUnique(value.name, value.origin, among: &names, what: what)
            checkVersions(value.sinceVersion, value.annotations, value.origin)
        }
    }

    // MARK: Messages and groups

    private mutating func check(_ block: BlockModel) {
        checkVersions(block.sinceVersion, block.annotations, block.origin)
        var names: [String: Origin] = [:]
        var ids: [Int: Member] = [:]
        var latest = 0
        for field in block.fields {
            checkMember(field.name, field.id, field.origin, .field, &names, &ids)
            checkVersions(field.sinceVersion, field.annotations, field.origin)
            checkOrder(field.sinceVersion, field.origin, after: &latest)
        }
        latest = 0
        for group in block.groups {
            checkMember(group.block.name, group.block.id, group.block.origin, .group, &names, &ids)
            checkOrder(group.block.sinceVersion, group.block.origin, after: &latest)
            check(group.block)
        }
        latest = 0
        for data in block.data {
            checkMember(data.name, data.id, data.origin, .data, &names, &ids)
            checkVersions(data.sinceVersion, data.annotations, data.origin)
            checkOrder(data.sinceVersion, data.origin, after: &latest)
            if data.presence == .optional || data.presence == .constant {
                problems.error(
                    data.origin, "expected presence=\"required\" of data, which has no null, got another")
            }
        }
    }

    private mutating func checkMember(
        _ name: String, _ id: Int, _ origin: Origin, _ kind: Member.Kind,
        _ names: inout [String: Origin], _ ids: inout [Int: Member]
    ) {
        checkUnique(name, origin, among: &names, what: "fields, groups and data")
        let member = Member(origin: origin, kind: kind)
        guard let other = ids.updateValue(member, forKey: id) else { return }
        let message =
            "expected an id of its own among the fields, groups and data, got id \(id), which "
            + "\(other.origin.tag) in line \(other.origin.location.line) has already"
        // An exchange gives a field the tag that a group's count has in FIX. Ids are not on the wire.
        if kind == .group, other.kind == .field {
            problems.warning(origin, message)
        } else {
            problems.error(origin, message)
        }
    }

    /// What has an id in a block.
    private struct Member {
        enum Kind { case field, group, data }

        let origin: Origin
        let kind: Kind
    }
}
