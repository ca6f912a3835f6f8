// The part of libsrtp 3's API that mediasoup-worker calls, on the system's libsrtp 2.
//
// libsrtp 3 made the policy an opaque handle and gave each packet function separate input and output
// buffers; libsrtp 2 has a plain struct and works in place. Types and functions of the same name are
// renamed here and mapped by the macros at the end, so the worker's sources compile unchanged.
#pragma once

#include <srtp2/srtp.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Two results that libsrtp 2 does not know; outside its range, so that no real code is taken for them.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(1000);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(1001);

struct qej_srtp_policy
{
  srtp_policy_t inner{};
  // libsrtp 2 reads master key and master salt from one buffer, one behind the other.
  uint8_t master[SRTP_MAX_KEY_LEN]{};
};

inline srtp_err_status_t qej_srtp_policy_create(qej_srtp_policy** out)
{
  *out = new (std::nothrow) qej_srtp_policy;
  return *out ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void qej_srtp_policy_destroy(qej_srtp_policy* policy)
{
  if (policy)
    explicit_bzero(policy->master, sizeof(policy->master));
  delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(qej_srtp_policy* policy, srtp_ssrc_t ssrc)
{
  policy->inner.ssrc = ssrc;
  return srtp_err_status_ok;
}

// RFC 5764 section 4.1.2: the RTCP half of the 32-bit-tag profile still has an 80-bit tag; libsrtp's
// own "for_rtcp" variant knows that.
inline srtp_err_status_t srtp_policy_set_profile(qej_srtp_policy* policy, srtp_profile_t profile)
{
  const auto rtp = srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);
  return rtp != srtp_err_status_ok
           ? rtp
           : srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  qej_srtp_policy* policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
  if (mkiLen != 0 || keyLen + saltLen > sizeof(policy->master))
    return srtp_err_status_bad_param;
  std::memcpy(policy->master, key, keyLen);
  std::memcpy(policy->master + keyLen, salt, saltLen);
  policy->inner.key = policy->master;
  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(qej_srtp_policy* policy, bool allow)
{
  policy->inner.allow_repeat_tx = allow ? 1 : 0;
  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(qej_srtp_policy* policy, size_t packets)
{
  policy->inner.window_size = packets;
  return srtp_err_status_ok;
}

inline srtp_err_status_t qej_srtp_create(srtp_t* session, qej_srtp_policy* policy)
{
  return srtp_create(session, &policy->inner);
}

// RTCP grows by the trailer and by the 4 bytes of the E flag and index (RFC 3711 section 3.4).
inline constexpr size_t qejRtcpIndexLen = 4;

template<typename Transform>
inline srtp_err_status_t qej_srtp_copy_then(
  Transform transform, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth)
{
  if (inLen + growth > *outLen)
    return srtp_err_status_buffer_small;
  if (in != out)
    std::memmove(out, in, inLen);
  int len           = static_cast<int>(inLen);
  const auto status = transform(session, out, &len);
  *outLen           = static_cast<size_t>(len);
  return status;
}

inline srtp_err_status_t qej_srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
  return qej_srtp_copy_then(srtp_protect, session, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t qej_srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
  return qej_srtp_copy_then(
    srtp_protect_rtcp, session, rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + qejRtcpIndexLen);
}

inline srtp_err_status_t qej_srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
  return qej_srtp_copy_then(srtp_unprotect, session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t qej_srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
  return qej_srtp_copy_then(srtp_unprotect_rtcp, session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

// Both versions look the stream up by the SSRC in network byte order, which is what the worker passes
// (seen with libsrtp 2.5.0: host order answers bad_param, network order removes the stream).
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrcInNetworkOrder)
{
  return srtp_remove_stream(session, ssrcInNetworkOrder);
}

#define srtp_policy_t qej_srtp_policy*
#define srtp_policy_create qej_srtp_policy_create
#define srtp_policy_destroy qej_srtp_policy_destroy
#define srtp_create qej_srtp_create
#define srtp_protect qej_srtp_protect
#define srtp_protect_rtcp qej_srtp_protect_rtcp
#define srtp_unprotect qej_srtp_unprotect
#define srtp_unprotect_rtcp qej_srtp_unprotect_rtcp
