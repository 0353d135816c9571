/// One version of the vectorised reference kernel: single precision, Philox with 10 rounds.
#define NOMAIN
#include "reference/soa_vec.cpp"

int main() { run<float, Philox<10>>(1, 0, true); }
