// expect: a function cannot return a ~Escapable result
import ZCNet

func view() -> RawSpan {
    SharedBytes("kept").bytes
}
