// expect: cannot find 'LoopOwned' in scope
import ZCNet

func read(_ address: UnsafeMutablePointer<Int>) -> Int { LoopOwned(address)[] }
