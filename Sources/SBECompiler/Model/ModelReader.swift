/// Reads the elements of a schema into its model. Elements of any namespace are taken by their local name:
/// schemas in use carry the namespaces of three releases of the standard.
struct ModelReader {
    /// What has been noted so far.
    var problems: ProblemList
    /// The namespace of the root, which elements of the standard have, or none.
    private var namespace: String?

    init(problems: ProblemList) { self.problems = problems }

    /// Reads a whole schema, nil where the document is something else.
    mutating func schema(_ root: SourceElement) -> SchemaModel? {
        guard root.name == "messageSchema" else {
            problems.error(Origin(root), "expected the root element messageSchema, got \(root.name)")
            return nil
        }
        namespace = root.namespace
        var types: [TypeModel] = []
        var messages: [MessageModel] = []
        for child in children(of: root) {
            switch child.name {
            case "types": types += self.types(child)
            case "message": messages.append(MessageModel(block: block(child)))
            default:
                problems.error(Origin(child), "expected types or message in messageSchema, got \(child.name)")
            }
        }
        return attributes(of: root) { reader in
            SchemaModel(
                origin: reader.origin, package: reader.prose("package"),
                id: reader.requiredNumber("id"), version: reader.number("version") ?? 0,
                semanticVersion: reader.prose("semanticVersion"), description: reader.prose("description"),
                byteOrder: reader.word("byteOrder", of: [ByteOrder.littleEndian, .bigEndian])
                    ?? .littleEndian,
                headerType: reader.prose("headerType") ?? "messageHeader", types: types, messages: messages)
        }
    }

    /// The children of an element without those of other namespaces, which are for others: annotations of
    /// tools.
    mutating func children(of element: SourceElement) -> [SourceElement] {
        element.children.filter { child in
            guard let other = child.namespace, other != namespace else { return true }
            guard !Self.names.contains(child.name) else { return true }
            problems.warning(
                Origin(child),
                "expected elements of the schema in \(element.tag), got one of \(other), ignored")
            return false
        }
    }

    /// The standard's elements. These are read in any namespace: those of three releases of the standard are
    /// in use, and mixed.
    private static let names: Set<String> = [
        "types", "type", "composite", "enum", "set", "ref", "validValue", "choice", "message", "group",
        "field",
        "data",
    ]

    mutating func attributes<Result>(
        of element: SourceElement, _ body: (inout AttributeReader) -> Result
    ) -> Result {
        // Why the swap: a second reference would make each noted problem copy all those before it.
        var reader = AttributeReader(element: element, problems: ProblemList())
        swap(&reader.problems, &problems)
        defer { swap(&reader.problems, &problems) }
        return body(&reader)
    }

    private mutating func types(_ element: SourceElement) -> [TypeModel] {
        let package = element.attributes["package"]
        return children(of: element).flatMap { child -> [TypeModel] in
            // Why: an included file may hold a set of types where the including schema already opened one.
            if child.name == "types" { return types(child) }
            if let type = type(child, package: package) { return [type] }
            problems.error(
                Origin(child), "expected type, composite, enum or set in types, got \(child.name)")
            return []
        }
    }

    private mutating func type(_ element: SourceElement, package: String?) -> TypeModel? {
        switch element.name {
        case "type": .simple(simpleType(element, package: package))
        case "composite": .composite(composite(element, package: package))
        case "enum": .enumeration(enumeration(element, package: package))
        case "set": .set(set(element, package: package))
        default: nil
        }
    }

    private mutating func common(_ element: SourceElement, package: String?) -> TypeCommon {
        attributes(of: element) { reader in
            TypeCommon(
                origin: reader.origin, name: reader.required("name"), offset: reader.number("offset"),
                presence: reader.presence(), sinceVersion: reader.sinceVersion(),
                annotations: reader.annotations(), package: reader.prose("package") ?? package)
        }
    }

    private mutating func simpleType(_ element: SourceElement, package: String?) -> SimpleTypeModel {
        let common = common(element, package: package)
        return attributes(of: element) { reader in
            var primitive: PrimitiveType?
            if reader.text("primitiveType") == nil {
                _ = reader.required("primitiveType")
            } else {
                primitive = reader.word("primitiveType", of: PrimitiveType.allCases)
            }
            return SimpleTypeModel(
                common: common, primitive: primitive, length: reader.number("length"),
                nullValue: reader.text("nullValue"), minValue: reader.text("minValue"),
                maxValue: reader.text("maxValue"), characterEncoding: reader.prose("characterEncoding"),
                text: element.token, valueRef: reader.text("valueRef"))
        }
    }

    private mutating func composite(_ element: SourceElement, package: String?) -> CompositeModel {
        var members: [CompositeModel.Member] = []
        for child in children(of: element) {
            if child.name == "ref" {
                let common = common(child, package: package)
                let type = attributes(of: child) { $0.required("type") }
                members.append(.reference(RefModel(common: common, type: type)))
            } else if let type = type(child, package: package) {
                members.append(.inline(type))
            } else {
                problems.error(
                    Origin(child),
                    "expected type, composite, enum, set or ref in \(element.tag), got \(child.name), "
                        + "which is not valid within a composite")
            }
        }
        return CompositeModel(common: common(element, package: package), members: members)
    }

    private mutating func enumeration(_ element: SourceElement, package: String?) -> EnumModel {
        let values = listedValues(of: element, named: "validValue")
        let common = common(element, package: package)
        return attributes(of: element) { reader in
            EnumModel(
                common: common, encodingType: reader.required("encodingType"),
                nullValue: reader.text("nullValue"), values: values)
        }
    }

    private mutating func set(_ element: SourceElement, package: String?) -> SetModel {
        let choices = listedValues(of: element, named: "choice")
        let common = common(element, package: package)
        return attributes(of: element) { reader in
            SetModel(common: common, encodingType: reader.required("encodingType"), choices: choices)
        }
    }

    private mutating func listedValues(of element: SourceElement, named name: String) -> [ListedValueModel] {
        children(of: element).compactMap { child in
            guard child.name == name else {
                problems.error(Origin(child), "expected \(name) in \(element.tag), got \(child.name)")
                return nil
            }
            return attributes(of: child) { reader in
                ListedValueModel(
                    origin: reader.origin, name: reader.required("name"), text: child.token,
                    sinceVersion: reader.sinceVersion(), annotations: reader.annotations())
            }
        }
    }
}

extension ModelReader {
    /// Reads the members of a message or group, which must stand in the order of fields, groups, data
    /// (Message Structure, "Message body").
    mutating func block(_ element: SourceElement) -> BlockModel {
        var fields: [FieldModel] = []
        var groups: [GroupModel] = []
        var data: [DataModel] = []
        for child in children(of: element) {
            switch child.name {
            case "field":
                if let before = groups.last?.block.origin.tag ?? data.last?.origin.tag {
                    problems.error(
                        Origin(child), "expected fields before groups and data, got it after \(before)")
                }
                fields.append(field(child))
            case "group":
                if let before = data.last?.origin.tag {
                    problems.error(Origin(child), "expected groups before data, got it after \(before)")
                }
                groups.append(group(child))
            case "data":
                data.append(self.data(child))
            default:
                problems.error(
                    Origin(child), "expected field, group or data in \(element.tag), got \(child.name)")
            }
        }
        return attributes(of: element) { reader in
            BlockModel(
                origin: reader.origin, name: reader.required("name"), id: reader.requiredNumber("id"),
                blockLength: reader.number("blockLength"), sinceVersion: reader.sinceVersion(),
                annotations: reader.annotations(), fields: fields, groups: groups, data: data)
        }
    }

    private mutating func group(_ element: SourceElement) -> GroupModel {
        let dimensionType = attributes(of: element) { $0.prose("dimensionType") ?? "groupSizeEncoding" }
        return GroupModel(dimensionType: dimensionType, block: block(element))
    }

    private mutating func field(_ element: SourceElement) -> FieldModel {
        attributes(of: element) { reader in
            FieldModel(
                origin: reader.origin, name: reader.required("name"), id: reader.requiredNumber("id"),
                type: reader.required("type"), offset: reader.number("offset"), presence: reader.presence(),
                valueRef: reader.text("valueRef"), text: element.token, sinceVersion: reader.sinceVersion(),
                annotations: reader.annotations())
        }
    }

    private mutating func data(_ element: SourceElement) -> DataModel {
        attributes(of: element) { reader in
            DataModel(
                origin: reader.origin, name: reader.required("name"), id: reader.requiredNumber("id"),
                type: reader.required("type"), presence: reader.presence(),
                sinceVersion: reader.sinceVersion(), annotations: reader.annotations())
        }
    }
}
