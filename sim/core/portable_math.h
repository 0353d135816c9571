#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

/// Elementary functions whose bits are the same on every platform, compiler and vector width.
/// They use + - * / sqrt and bit casts only; those of `float` are free of branches, so that loops
/// over them vectorise. libm is not used: glibc picks another variant where there is FMA.
/// Polynomials are summed in pairs of terms (Estrin's scheme): half as long a chain as Horner's.
namespace musi::sim::portable {

/// e^x, error below 1 ulp or so; saturates outside [-708, 709].
inline double exp(double x) {
  x = x < -708.0 ? -708.0 : x;
  x = x > 709.0 ? 709.0 : x;
  const double shifted = x * 1.4426950408889634 + 0x1.8p52;
  const double k = shifted - 0x1.8p52;
  double r = x - k * 6.93147180369123816490e-01;
  r -= k * 1.90821492927058770002e-10;
  const double r2 = r * r, r4 = r2 * r2;  // Taylor series to r^13; the rest is below 2^-57
  const double low = (0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
  const double middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) +
                        r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0));
  const double high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) +
                      r2 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
  const double p = r2 * (low + r4 * (middle + r4 * high)) + r + 1.0;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(shifted) << 52;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + bits);
}

/// Natural logarithm of a positive normal number, error below 1 ulp. Source: fdlibm.
inline double log(double x) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  bits += 0x3FF0000000000000ull - 0x3FE6A09E667F3BCDull;
  const double k = static_cast<double>(static_cast<int>(bits >> 52) - 0x3FF);
  const double m =
      std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFull) + 0x3FE6A09E667F3BCDull);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double t1 =
      w * (3.999999999940941908e-01 +
           w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double t2 =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 +
                w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double half_square = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 -
         ((half_square - (s * (half_square + t1 + t2) + k * 1.90821492927058770002e-10)) - f);
}

inline double pow(double base, double exponent) {
  return base == 0.0 ? (exponent == 0.0 ? 1.0 : 0.0) : exp(exponent * log(base));
}

/// 1 / (1 + e^-x).
inline double logistic(double x) { return 1.0 / (1.0 + exp(-x)); }

/// e^x in single precision, relative error about 1e-7; saturates outside [-87, 88]. Cephes.
inline float exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float k = shifted - 12582912.0f;
  float r = x - k * 0.693359375f;
  r -= k * -2.12194440e-4f;
  const float r2 = r * r;
  const float high = (4.1665795894e-2f + r * 8.3334519073e-3f) +
                     r2 * (1.3981999507e-3f + r * 1.9875691500e-4f);
  const float p = r2 * ((5.0000001201e-1f + r * 1.6666665459e-1f) + r2 * high) + r + 1.0f;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(shifted) << 23;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(p) + bits);
}

/// Natural logarithm in single precision of a positive normal number. Cephes.
inline float log(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const std::int32_t e = static_cast<std::int32_t>(bits - 0x3f3504f3u) >> 23;
  const float m =
      std::bit_cast<float>(bits - (static_cast<std::uint32_t>(e) << 23)) - 1.0f;
  const float k = static_cast<float>(e);
  const float z = m * m, z2 = z * z;
  const float low = (3.3333331174e-1f - m * 2.4999993993e-1f) +
                    z * (2.0000714765e-1f - m * 1.6668057665e-1f);
  const float high = (1.4249322787e-1f - m * 1.2420140846e-1f) +
                     z * (1.1676998740e-1f - m * 1.1514610310e-1f) + z2 * 7.0376836292e-2f;
  float y = (low + z2 * high) * m * z;
  y += k * -2.12194440e-4f;
  y -= 0.5f * z;
  return m + y + k * 0.693359375f;
}

inline float logistic(float x) { return 1.0f / (1.0f + exp(-x)); }

/// The middle of the inverse error function, as a polynomial in w = -log(1 - y^2): erfinv(y) / y
/// for w < 5. Source: Giles 2010.
inline float central_erfinv(float w) {
  const float a = w - 2.5f;
  const float a2 = a * a, a4 = a2 * a2;
  const float low = (1.50140941f + a * 0.246640727f) + a2 * (-0.00417768164f - a * 0.00125372503f);
  const float high = (0.00021858087f - a * 4.39150654e-06f) +
                     a2 * (-3.5233877e-06f + a * 3.43273939e-07f) + a4 * 2.81022636e-08f;
  return low + a4 * high;
}

/// Farther than this from 0 and 1 the central form of the normal quantile holds.
inline constexpr float normal_tail = 0.0018f;

/// Standard normal quantile in single precision for normal_tail <= u <= 1 - normal_tail, error
/// about 4e-7 absolute, at most 1.2e-6; the bits of normal_quantile.
inline float central_normal_quantile(float u) {
  const float w = -log(4.0f * u * (1.0f - u));
  return 1.41421356f * (2.0f * u - 1.0f) * central_erfinv(w);
}

/// Standard normal quantile in single precision, 0 < u < 1; error about 4e-7 absolute in the
/// middle. Source: Giles 2010.
inline float normal_quantile(float u) {
  const float w = -log(4.0f * u * (1.0f - u));
  const float b = std::sqrt(w > 0.0f ? w : 0.0f) - 3.0f;
  float q = -0.000200214257f;
  q = q * b + 0.000100950558f;
  q = q * b + 0.00134934322f;
  q = q * b - 0.00367342844f;
  q = q * b + 0.00573950773f;
  q = q * b - 0.0076224613f;
  q = q * b + 0.00943887047f;
  q = q * b + 1.00167406f;
  q = q * b + 2.83297682f;
  return 1.41421356f * (2.0f * u - 1.0f) * (w < 5.0f ? central_erfinv(w) : q);
}

/// Standard normal quantile, 0 < u < 1, relative error about 1e-16. Source: Wichura 1988, AS 241.
double normal_quantile(double u);

/// Standard normal distribution function, error about 1e-15. Source: Hart 1968 as in West 2005.
double normal_cdf(double x);

}  // namespace musi::sim::portable
