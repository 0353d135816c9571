#include "sim/core/portable_math.h"

#include "sim/core/check.h"

namespace musi::sim::portable {
namespace {

/// Value of the polynomial with the highest coefficient last.
template <std::size_t N>
double polynomial(const double (&c)[N], double x) {
  double value = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) value = value * x + c[i];
  return value;
}

}  // namespace

double normal_quantile(double u) {
  MUSI_EXPECT(u > 0.0 && u < 1.0);
  static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                 1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e+1,
                                 6.8718700749205790830e+2,
                                 5.3941960214247511077e+3,
                                 2.1213794301586595867e+4,
                                 3.9307895800092710610e+4,
                                 2.8729085735721942674e+4,
                                 5.2264952788528545610e+3};
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                 5.76949722146069140550e0,  3.64784832476320460504e0,
                                 1.27045825245236838258e0,  2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                 1.78482653991729133580e0,  2.96560571828504891230e-1,
                                 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  const double q = u - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  double r = std::sqrt(-log(q < 0.0 ? u : 1.0 - u));
  double value = 0.0;
  if (r <= 5.0) {
    r -= 1.6;
    value = polynomial(c, r) / polynomial(d, r);
  } else {
    r -= 5.0;
    value = polynomial(e, r) / polynomial(f, r);
  }
  return q < 0.0 ? -value : value;
}

double normal_cdf(double x) {
  static constexpr double numerator[] = {220.206867912376, 221.213596169931,  112.079291497871,
                                         33.912866078383,  6.37396220353165,  0.700383064443688,
                                         3.52624965998911e-02};
  static constexpr double denominator[] = {440.413735824752, 793.826512519948, 637.333633378831,
                                           296.564248779674, 86.7807322029461, 16.064177579207,
                                           1.75566716318264, 8.83883476483184e-02};
  const double z = x < 0.0 ? -x : x;
  if (z > 37.0) return x < 0.0 ? 0.0 : 1.0;
  double tail = exp(-0.5 * z * z);
  if (z < 7.07106781186547) {
    tail *= polynomial(numerator, z) / polynomial(denominator, z);
  } else {
    tail /= (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))))) * 2.506628274631;
  }
  return x < 0.0 ? tail : 1.0 - tail;
}

}  // namespace musi::sim::portable
