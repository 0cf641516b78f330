/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * reserved.c - the names: of base-passwd(8) and adduser(8) on Debian, and the users of well-known daemons
 *
 * Newer packages name their users with a beginning of the system's (systemd-,
 * _apt, Debian-exim) or the end of a product's (www-data, cups-pk-helper).
 */

#include "reserved.h"

#include "cleanup.h"

#include <string.h>

static const char names[] =
        " adm admin administrator apache apt audio avahi backup bin bind caddy careid cdrom chrony clamav colord consul couchdb "
        " courier crontab cups cyrus daemon debian dhcpcd dialout dip disk dnsmasq docker dovecot dovenull elasticsearch "
        " emergency etcd exim fax fetchmail floppy freerad ftp fwupd games gdm geoclue git gitlab gitolite gluster gnats grafana "
        " guest hacluster haproxy httpd influxdb input irc jenkins kernoops kmem kube kubelet kvm ldap libvirt lightdm list lp "
        " lxd mail mailman man mariadb memcache memcached messagebus mongodb mosquitto mpd munin mysql nagios named netdev news "
        " nginx nobody nogroup nscd nslcd ntp ntpd ntpsec nut opendkim opendmarc openldap openvpn operator ovirt pcp plugdev "
        " podman polkitd pollinate postdrop postfix postgres postgresql prometheus proxy pulse puppet quagga rabbitmq radiusd "
        " realtime redis register render root rpc rpcuser rstudio rsync rtkit salt samba saned sasl sddm sgx shadow slurm smmsp "
        " snmp spamd squid src ssh sshd sssd staff statd stunnel stunnel4 sudo superuser sympa sync sys sysadmin syslog tape "
        " tcpdump telegraf tftp tomcat toor tss tty unbound unifi usbmux users utmp uucp uuidd varnish vault vboxadd video "
        " vmail voice vscan wheel whoopsie wireshark www xrdp xymon zabbix zookeeper ";

static const char *const beginnings[] = { "_", "systemd", "libvirt", "debian-", "dbus", "gnome-", "kube-" };
static const char *const ends[] = { "-data", "-daemon", "-helper", "-network", "-resolve", "-timesync", "-proxy", "-server", "-agent", "-system" };

bool name_is_reserved(const char *name) {
        const size_t n = strlen(name);

        for (const char *at = strstr(names, name); at && n > 0; at = strstr(at + 1, name))
                if (at > names && at[-1] == ' ' && at[n] == ' ')
                        return true;
        for (size_t i = 0; i < N_ELEMENTS(beginnings); i++)
                if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
                        return true;
        for (size_t i = 0; i < N_ELEMENTS(ends); i++)
                if (n > strlen(ends[i]) && strcmp(name + n - strlen(ends[i]), ends[i]) == 0)
                        return true;
        return false;
}
