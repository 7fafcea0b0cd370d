// The host's numbers of calls that Debian 12's headers do not name. From 424 on all machines share one numbering.
#pragma once

namespace lyrebird::syscall::host_number {

inline constexpr long cachestat = 451;
inline constexpr long fchmodat2 = 452;
inline constexpr long futex_wake = 454;
inline constexpr long futex_wait = 455;
inline constexpr long futex_requeue = 456;
inline constexpr long statmount = 457;
inline constexpr long listmount = 458;
inline constexpr long lsm_get_self_attr = 459;
inline constexpr long lsm_set_self_attr = 460;
inline constexpr long lsm_list_modules = 461;
inline constexpr long mseal = 462;
inline constexpr long setxattrat = 463;
inline constexpr long getxattrat = 464;
inline constexpr long listxattrat = 465;
inline constexpr long removexattrat = 466;
inline constexpr long open_tree_attr = 467;
inline constexpr long file_getattr = 468;
inline constexpr long file_setattr = 469;
inline constexpr long listns = 470;

}  // namespace lyrebird::syscall::host_number
