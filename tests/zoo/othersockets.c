// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets of families that are neither inet nor unix. */
#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket.h"
#include "zoo.h"

static void say_netlink(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	socklen_t len = sizeof(address);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	zoo_say_socket(fd, "netlink-new", CLOSED, " local_port=0");
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		zoo_die("netlink");
	zoo_say_socket(fd, "netlink-route", CLOSED, " local_port=%u remote_port=0",
		       address.nl_pid);
	fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_GENERIC);
	zoo_say_socket(fd, "netlink-generic", CLOSED, NULL);
}

static void say_packet(void)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
					     .sll_protocol = htons(ETH_P_ARP),
					     .sll_ifindex = if_nametoindex("lo") };
	const int fd = socket(AF_PACKET, SOCK_DGRAM, 0);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		zoo_die("packet");
	zoo_say_socket(fd, "packet", CLOSED, " protocol=%u ifindex=%u", ETH_P_ARP,
		       if_nametoindex("lo"));
	zoo_say_socket(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ARP)), "packet-raw", CLOSED,
		       " protocol=%u ifindex=0", ETH_P_ARP);
}

void zoo_other_sockets(void)
{
	say_netlink();
	say_packet();
	zoo_say_socket(socket(AF_VSOCK, SOCK_STREAM, 0), "vsock", CLOSED, NULL);
	zoo_say_socket(socket(AF_ALG, SOCK_SEQPACKET, 0), "crypto", CLOSED, NULL);
}
