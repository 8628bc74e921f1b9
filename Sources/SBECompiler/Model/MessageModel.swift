/// `<message>`; its id is the template id.
package struct MessageModel: Sendable {
    package var block: BlockModel
}
