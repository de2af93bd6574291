// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "fdsock.h"

struct word {
	uint32_t number;
	const char *name;
};

static const struct word families[] = {
	{ AF_UNIX, "unix" },	 { AF_INET, "inet" },	{ AF_INET6, "inet6" },
	{ AF_NETLINK, "netlink" }, { AF_PACKET, "packet" }, { AF_VSOCK, "vsock" },
	{ AF_ALG, "alg" },	 { AF_BLUETOOTH, "bluetooth" },
	{ AF_CAN, "can" },	 { AF_TIPC, "tipc" },	{ AF_XDP, "xdp" },
	{ AF_KEY, "key" },	 { AF_PPPOX, "pppox" },	{ AF_RDS, "rds" },
	{ AF_SMC, "smc" },	 { AF_QIPCRTR, "qipcrtr" },
};

static const struct word types[] = {
	{ SOCK_STREAM, "stream" }, { SOCK_DGRAM, "dgram" },
	{ SOCK_RAW, "raw" },	   { SOCK_RDM, "rdm" },
	{ SOCK_SEQPACKET, "seqpacket" }, { SOCK_PACKET, "packet" },
};

static const struct word inet_protocols[] = {
	{ IPPROTO_TCP, "TCP" },	   { IPPROTO_UDP, "UDP" },
	{ IPPROTO_ICMP, "ICMP" },  { IPPROTO_ICMPV6, "ICMPv6" },
	{ IPPROTO_SCTP, "SCTP" },  { IPPROTO_DCCP, "DCCP" },
	{ IPPROTO_UDPLITE, "UDPLITE" }, { IPPROTO_MPTCP, "MPTCP" },
	{ IPPROTO_IGMP, "IGMP" },  { IPPROTO_RAW, "RAW" },
};

static const struct word netlink_protocols[] = {
	{ NETLINK_ROUTE, "ROUTE" },	{ NETLINK_USERSOCK, "USERSOCK" },
	{ NETLINK_FIREWALL, "FIREWALL" }, { NETLINK_SOCK_DIAG, "SOCK_DIAG" },
	{ NETLINK_NFLOG, "NFLOG" },	{ NETLINK_XFRM, "XFRM" },
	{ NETLINK_SELINUX, "SELINUX" },	{ NETLINK_ISCSI, "ISCSI" },
	{ NETLINK_AUDIT, "AUDIT" },	{ NETLINK_FIB_LOOKUP, "FIB_LOOKUP" },
	{ NETLINK_CONNECTOR, "CONNECTOR" }, { NETLINK_NETFILTER, "NETFILTER" },
	{ NETLINK_DNRTMSG, "DNRTMSG" },
	{ NETLINK_KOBJECT_UEVENT, "KOBJECT_UEVENT" },
	{ NETLINK_GENERIC, "GENERIC" },	{ NETLINK_SCSITRANSPORT, "SCSITRANSPORT" },
	{ NETLINK_RDMA, "RDMA" },	{ NETLINK_CRYPTO, "CRYPTO" },
};

static const struct word packet_protocols[] = {
	{ ETH_P_ALL, "ALL" },	{ ETH_P_IP, "IP" },	{ ETH_P_IPV6, "IPV6" },
	{ ETH_P_ARP, "ARP" },	{ ETH_P_LLDP, "LLDP" },	{ ETH_P_PAE, "PAE" },
};

#define N(list) (sizeof(list) / sizeof((list)[0]))

const char *const fdsock_states[] = {
	[0] = "",
	[TCP_ESTABLISHED] = "established",
	[TCP_SYN_SENT] = "syn-sent",
	[TCP_SYN_RECV] = "syn-recv",
	[TCP_FIN_WAIT1] = "fin-wait-1",
	[TCP_FIN_WAIT2] = "fin-wait-2",
	[TCP_TIME_WAIT] = "time-wait",
	[TCP_CLOSE] = "closed",
	[TCP_CLOSE_WAIT] = "close-wait",
	[TCP_LAST_ACK] = "last-ack",
	[TCP_LISTEN] = "listen",
	[TCP_CLOSING] = "closing",
	[TCP_CLOSING + 1] = NULL,
};

static size_t put(char *to, const struct word *list, size_t n, uint32_t number,
		  const char *other)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].number == number)
			return stpcpy(to, list[i].name) - to;
	return sprintf(to, "%s%u", other, number);
}

size_t fdsock_family(char *to, const struct kin_sock *sock)
{
	return put(to, families, N(families), sock->family, "family ");
}

size_t fdsock_type(char *to, const struct kin_sock *sock)
{
	return put(to, types, N(types), sock->type, "type ");
}

static bool is_inet(const struct kin_sock *sock)
{
	return sock->family == AF_INET || sock->family == AF_INET6;
}

size_t fdsock_protocol(char *to, const struct kin_sock *sock)
{
	if (is_inet(sock))
		return put(to, inet_protocols, N(inet_protocols),
			   sock->protocol, "IP protocol ");
	if (sock->family == AF_NETLINK)
		return put(to, netlink_protocols, N(netlink_protocols),
			   sock->protocol, "protocol ");
	if (sock->family == AF_PACKET)
		return put(to, packet_protocols, N(packet_protocols),
			   sock->protocol, "protocol ");
	return sprintf(to, "%u", sock->protocol);
}

const char *fdsock_state_word(char *other, const struct kin_sock *sock)
{
	if (sock->state && sock->state < N(fdsock_states) - 1)
		return fdsock_states[sock->state];
	sprintf(other, "%u", sock->state);
	return other;
}

size_t fdsock_state(char *to, const struct kin_sock *sock)
{
	const char *name = fdsock_state_word(to, sock);
	size_t len;

	for (len = 0; name[len]; len++)
		to[len] = toupper(name[len]);
	to[len] = '\0';
	return len;
}

bool fdsock_listens(const struct kin_sock *sock)
{
	return sock->state == TCP_LISTEN;
}

/* ---- ends ---- */

static const uint8_t *address_of(const struct kin_sock *sock,
				 enum fdsock_side side)
{
	return side == FDSOCK_LOCAL ? sock->local : sock->remote;
}

static uint32_t port_of(const struct kin_sock *sock, enum fdsock_side side)
{
	return side == FDSOCK_LOCAL ? sock->local_port : sock->remote_port;
}

static size_t address_len(uint32_t family)
{
	return family == AF_INET ? 4 : 16;
}

static bool is_any(const struct kin_sock *sock, enum fdsock_side side)
{
	static const uint8_t any[16];

	return !memcmp(address_of(sock, side), any, address_len(sock->family));
}

bool fdsock_address(char *to, const struct kin_sock *sock,
		    enum fdsock_side side)
{
	*to = '\0';
	return is_inet(sock) &&
	       inet_ntop(sock->family, address_of(sock, side), to,
			 INET6_ADDRSTRLEN);
}

bool fdsock_connected(const struct kin_sock *sock)
{
	return is_inet(sock) && (sock->remote_port ||
				 !is_any(sock, FDSOCK_REMOTE));
}

static size_t put_port(char *to, uint32_t port)
{
	return port == KIN_NONE32 ? sprintf(to, "?") : sprintf(to, "%u", port);
}

size_t fdsock_end(char *to, const struct kin_sock *sock, enum fdsock_side side)
{
	bool six = sock->family == AF_INET6;
	char *at = to;

	*to = '\0';
	if (sock->family == AF_NETLINK)
		return put_port(to, port_of(sock, side));
	if (!is_inet(sock) ||
	    (side == FDSOCK_REMOTE && !fdsock_connected(sock)))
		return 0;
	if (!six && is_any(sock, side)) {
		*at++ = '*';
	} else {
		*at = '[';
		fdsock_address(at + six, sock, side);
		at += strlen(at);
		if (six)
			*at++ = ']';
	}
	*at++ = ':';
	return at - to + put_port(at, port_of(sock, side));
}

/* The 16 bytes that stand for it as IPv6: ::ffff:a.b.c.d for IPv4. */
static void widen(uint8_t *to, uint32_t family, const uint8_t *address)
{
	if (family == AF_INET6) {
		memcpy(to, address, 16);
		return;
	}
	memset(to, 0, 10);
	memset(to + 10, 0xff, 2);
	memcpy(to + 12, address, 4);
}

bool fdsock_is_at(const struct fd_endpoint *at, const struct kin_sock *sock,
		  enum fdsock_side side)
{
	uint8_t one[16], other[16];

	if (!is_inet(sock))
		return false;
	if (at->has_port && port_of(sock, side) != at->port)
		return false;
	if (!at->family)
		return true;
	widen(one, at->family, at->address);
	widen(other, sock->family, address_of(sock, side));
	return !memcmp(one, other, sizeof(one));
}

bool fdsock_serves(const struct fd_endpoint *at, const struct kin_sock *sock)
{
	struct fd_endpoint anywhere = *at;

	if (fdsock_is_at(at, sock, FDSOCK_LOCAL))
		return true;
	if (!is_inet(sock) || !is_any(sock, FDSOCK_LOCAL))
		return false;
	/* of one family only: [::] takes IPv4 too, if it was not told not to */
	if (at->family == AF_INET6 ? sock->family != AF_INET6 :
				     sock->flags != KIN_NONE32 &&
					     (sock->flags & KIN_SOCK_V6ONLY))
		return false;
	anywhere.family = 0;
	return fdsock_is_at(&anywhere, sock, FDSOCK_LOCAL);
}

/* ---- a socket in one line ---- */

/* A raw socket's protocol is what it wants of the network, not what it is. */
static char *put_inet(char *at, const struct kin_sock *sock)
{
	bool has_state = sock->type == SOCK_STREAM ||
			 sock->type == SOCK_SEQPACKET;

	if (sock->type == SOCK_RAW)
		at = stpcpy(at, "raw ");
	at += fdsock_protocol(at, sock);
	*at++ = ' ';
	at += fdsock_end(at, sock, FDSOCK_LOCAL);
	if (fdsock_connected(sock)) {
		at = stpcpy(at, " -> ");
		at += fdsock_end(at, sock, FDSOCK_REMOTE);
	}
	if (has_state) {
		at = stpcpy(at, " (");
		at += fdsock_state(at, sock);
		at = stpcpy(at, ")");
	}
	return at;
}

static char *put_netlink(char *at, const struct kin_sock *sock)
{
	at = stpcpy(at, "netlink ");
	at += fdsock_protocol(at, sock);
	if (!sock->local_port)
		return at;
	at = stpcpy(at, " port ");
	return at + fdsock_end(at, sock, FDSOCK_LOCAL);
}

static char *put_packet(char *at, const struct kin_sock *sock, uint32_t netns)
{
	char name[IF_NAMESIZE];

	at = stpcpy(at, "packet ");
	at += fdsock_protocol(at, sock);
	if (!sock->ifindex || sock->ifindex == KIN_NONE32)
		return stpcpy(at, " any interface");
	if (netns && sock->netns == netns && if_indextoname(sock->ifindex, name))
		return stpcpy(stpcpy(at, " "), name);
	return at + sprintf(at, " interface %u", sock->ifindex);
}

size_t fdsock_name(char *to, const struct kin_sock *sock, uint32_t netns)
{
	char *at = to;

	if (is_inet(sock)) {
		at = put_inet(at, sock);
	} else if (sock->family == AF_NETLINK) {
		at = put_netlink(at, sock);
	} else if (sock->family == AF_PACKET) {
		at = put_packet(at, sock, netns);
	} else {
		at += fdsock_family(at, sock);
		*at++ = ' ';
		at += fdsock_type(at, sock);
	}
	*at = '\0';
	return at - to;
}
