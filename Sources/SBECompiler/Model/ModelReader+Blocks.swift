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
