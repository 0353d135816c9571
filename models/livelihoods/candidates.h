#pragma once

#include <cstdint>
#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

/// Who may join a livelihood group, take a course or a loan, MODEL.md 14.2, 16.2, 16.3.
namespace musi::models {

inline constexpr std::size_t everybody = static_cast<std::size_t>(-1);

/// Rows of the poorest third of the households of a site, by the income of their last visit, that
/// fit tenure, group and income of the programme and bear none of the flags `without`; the engaged
/// first, then the lowest income, then the key; the first `most` of them.
std::vector<std::uint32_t> poorest_third(const World& world, std::size_t site,
                                         const ProgrammeSpec& programme, std::uint32_t without,
                                         std::size_t most = everybody);

/// Those of them that join a livelihood group and are in none: the engaged, and others with the
/// engaged share of their RT as chance. In the same order, the first `most`.
std::vector<std::uint32_t> joiners(const World& world, std::size_t site,
                                   const ProgrammeSpec& programme, std::size_t most,
                                   const sim::Step& step);

/// Rows of a site that may get a loan: informal workers who own their dwelling or, where low-income
/// housing is offered, live on land that is not clear and so may apply for it; something to build
/// (house, water, sanitation, space) and no loan yet; the RT passes the gate of the programme and
/// its credit is not closed. In the same order, the first `most` of them.
std::vector<std::uint32_t> borrowers(const World& world, std::size_t site,
                                     const ProgrammeSpec& programme, std::size_t most,
                                     const sim::Step& step);

/// Sites where the programme helps this year, in its order: those it may serve; of a community
/// programme those with its packages, because a board acts where it works.
std::vector<std::uint32_t> sites_helped(const World& world, std::size_t programme,
                                        const sim::Step& step);

}  // namespace musi::models
