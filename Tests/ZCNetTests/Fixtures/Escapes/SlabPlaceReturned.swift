// expect: cannot find 'Slab' in scope
import ZCNet

func place() -> Int {
    var slab = Slab<[Int]>()
    let index = slab.insert([1, 2, 3])
    let place = slab.slot(index)
    slab.remove(index)
    return place[].count
}
