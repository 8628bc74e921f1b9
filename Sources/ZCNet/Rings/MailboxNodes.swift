/// One queued element, and the link to the one pushed before it.
@frozen @usableFromInline
struct MailboxNode<Element: ~Copyable>: ~Copyable {
    @usableFromInline var next: UInt
    @usableFromInline let isControl: Bool
    @usableFromInline let element: Element

    @inlinable
    init(element: consuming Element, isControl: Bool) {
        next = 0
        self.isControl = isControl
        self.element = element
    }

    @inlinable
    consuming func take() -> Element { element }
}

/// Nodes on the heap, named by their address.
///
/// SAFETY: an address comes from `make` alone, and the algorithm hands each node to one owner at a time, who
/// ends with `take` or `destroy`. The flags of `MailboxCore` fit below it: an allocation is aligned to at
/// least 8 bytes.
@frozen @usableFromInline
struct MailboxNodes<Element: ~Copyable>: MailboxLinks, Sendable {
    @usableFromInline typealias Node = MailboxNode<Element>

    @inlinable
    init() {}

    @inlinable
    func make(_ element: consuming Element, isControl: Bool) -> UInt {
        let node = UnsafeMutablePointer<Node>.allocate(capacity: 1)
        unsafe node.initialize(to: Node(element: element, isControl: isControl))
        return UInt(bitPattern: node)
    }

    @inlinable
    func take(_ node: UInt) -> Element {
        let address = unsafe pointer(node)
        let element = unsafe address.move().take()
        unsafe address.deallocate()
        return element
    }

    @inlinable
    func destroy(_ node: UInt) {
        let address = unsafe pointer(node)
        unsafe address.deinitialize(count: 1)
        unsafe address.deallocate()
    }

    @inlinable
    func next(of node: UInt) -> UInt { unsafe pointer(node).pointee.next }

    @inlinable
    func setNext(of node: UInt, to next: UInt) { unsafe pointer(node).pointee.next = next }

    @inlinable
    func isControl(_ node: UInt) -> Bool { unsafe pointer(node).pointee.isControl }

    @inlinable
    func pointer(_ node: UInt) -> UnsafeMutablePointer<Node> {
        guard let address = unsafe UnsafeMutablePointer<Node>(bitPattern: node) else {
            preconditionFailure("a mailbox node has no address")
        }
        return unsafe address
    }
}
