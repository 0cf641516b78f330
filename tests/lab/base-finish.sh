#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# base-finish.sh - the last touches to a new tree: npm packages, a kernel, what is masked, how a boot reports
#
# mmdebstrap's customize hook: run on the host with the tree as argument, with the network, in the mount
# namespace that base_make() gave mmdebstrap, so that no mount made here is seen outside.

set -euo pipefail
ROOMS=$(dirname "${BASH_SOURCE[0]}")

finish() { # TREE
        local tree=$1 unit
        if [[ -z ${NEXT_RELEASE:-} ]]; then
                base_npm "$tree"
                base_kernel "$tree"
                base_beside "$tree" sssd sssd-proxy libnss-sss      # changes PAM and nsswitch.conf of where it is installed; tests/bench/lookups
                base_beside "$tree" audit auditd                    # would be started everywhere; tests/vt
        fi

        rm -f "$tree"/etc/apt/apt.conf.d/99mmdebstrap "$tree"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
        rm -f "$tree/etc/resolv.conf"
        : >"$tree/etc/resolv.conf"
        echo careid-lab >"$tree/etc/hostname"
        printf '%s\n' '127.0.0.1 localhost careid-lab' '::1 localhost' >"$tree/etc/hosts"
        printf '%s\n' 'LANG=C.UTF-8' >"$tree/etc/default/locale"
        mkdir -p "$tree"/{src,build,results}
        chroot "$tree" systemd-machine-id-setup
        # An ordinary user is one that the helper would ask: careid knows nobody with a uid below 1000.
        chroot "$tree" useradd --uid 1999 --create-home --home-dir /var/lib/builder --shell /bin/bash builder

        # What a tree without hardware, network and years to live has no use for.
        for unit in systemd-sysctl.service systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
                systemd-udev-trigger.service systemd-journald-audit.socket systemd-networkd.service systemd-networkd.socket systemd-modules-load.service \
                systemd-binfmt.service systemd-remount-fs.service systemd-firstboot.service systemd-pstore.service \
                sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount \
                dev-hugepages.mount dev-mqueue.mount proc-sys-fs-binfmt_misc.automount systemd-random-seed.service \
                keyboard-setup.service console-setup.service nginx.service nscd.service kannel.service \
                systemd-userdbd.socket systemd-userdbd.service \
                console-getty.service getty.target apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
                e2scrub_all.timer e2scrub_reap.service fstrim.timer man-db.timer; do
                ln -sf /dev/null "$tree/etc/systemd/system/$unit"
        done

        # Tells instance_start how the boot went; the FIFO is the instance's own.
        cat >"$tree/etc/systemd/system/lab-ready.service" <<'UNIT'
[Unit]
Description=Tell the lab that this instance is up
[Service]
ExecStart=-/bin/sh -c 'exec systemctl is-system-running --wait >/run/lab/ready'
UNIT
        mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
        ln -sf ../lab-ready.service "$tree/etc/systemd/system/multi-user.target.wants/lab-ready.service"
}

# npm ci with the host's own npm configuration and CA files laid over the tree's for as long as it runs.
base_npm() { # TREE
        local tree=$1 file environment=() under=()
        mkdir -p "$tree/tmp/npm"
        cp "$ROOMS"/npm/package.json "$ROOMS"/npm/package-lock.json "$tree/tmp/npm/"

        environment=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin NPM_CONFIG_USERCONFIG=/tmp/npm/user NPM_CONFIG_GLOBALCONFIG=/tmp/npm/global)
        cat /etc/npmrc /usr/etc/npmrc /usr/local/etc/npmrc 2>/dev/null >"$tree/tmp/npm/global" || true
        cat "${HOME:-/root}/.npmrc" 2>/dev/null >"$tree/tmp/npm/user" || true
        while IFS= read -r file; do
                environment+=("$file")
        done < <(env | grep -iE '^(npm_config_[a-z_]*|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|https?_proxy|no_proxy)=' | grep -viE '^npm_config_(userconfig|globalconfig|prefix|cache)=')

        while IFS= read -r file; do
                [[ -e $file ]] || continue
                if [[ ! -e $tree$file ]]; then
                        mkdir -p "$tree$(dirname "$file")"
                        if [[ -d $file ]]; then mkdir "$tree$file"; else : >"$tree$file"; fi
                fi
                mount --bind "$file" "$tree$file"
                under=("$tree$file" "${under[@]}")
        done < <({
                printf '%s\n' /etc/resolv.conf /etc/hosts /etc/ssl/certs
                sed -nE 's/^ *cafile *= *"?([^"]*)"?$/\1/p' "$tree/tmp/npm/global" "$tree/tmp/npm/user"
                printf '%s\n' "${environment[@]}" | sed -nE 's/^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|npm_config_cafile)=//pI'
        } | grep '^/' | awk '!/^\/etc\/ssl\/certs\// && !seen[$0]++')

        env -i "${environment[@]}" chroot "$tree" sh -c \
                'cd /tmp/npm && npm ci --ignore-scripts --no-audit --no-fund --cache /tmp/npm/cache && mv node_modules /node_modules'
        for file in "${under[@]}"; do
                umount "$file"
        done
        rm -rf "$tree/tmp/npm"
}

# Debian's kernel and the few modules that the machine of tests/vt needs, without what a kernel package does on arrival.
KERNEL_MODULES=(9p 9pnet_virtio overlay virtio_pci virtio_net bochs)

base_kernel() { # TREE
        local tree=$1 work=$1/tmp/kernel name version
        mkdir "$work"
        name=$(APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache depends linux-image-amd64 |
                sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p')
        (cd "$work" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -o APT::Sandbox::User=root download "$name")
        mv "$work/${name}"_*.deb "$work/kernel.deb"
        version=${name#linux-image-}
        # shellcheck disable=SC2016
        chroot "$tree" sh -euc '
                dpkg-deb -x /tmp/kernel/kernel.deb /tmp/kernel/x
                mkdir -p /usr/lib/lab "/usr/lib/modules/$0"
                mv "/tmp/kernel/x/boot/vmlinuz-$0" /usr/lib/lab/vmlinuz
                depmod -b /tmp/kernel/x "$0"
                for module; do
                        modprobe -d /tmp/kernel/x -S "$0" --show-depends "$module"
                done >/tmp/kernel/needed
                cd "/tmp/kernel/x/lib/modules/$0"
                sed -n "s#^insmod .*/lib/modules/$0/\([^ ]*\).*#\1#p" /tmp/kernel/needed | sort -u >/tmp/kernel/modules
                xargs -a /tmp/kernel/modules cp --parents -t "/usr/lib/modules/$0" modules.builtin modules.order
                depmod "$0"' "$version" "${KERNEL_MODULES[@]}"
        rm -rf "$work"
}

# Packages, with what they need and the tree has not, beside the tree: in /usr/lib/lab/NAME.
base_beside() { # TREE NAME PACKAGE...
        local tree=$1 name=$2 work=$1/tmp/$2 names file
        shift 2
        mkdir "$work"
        names=$(APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install -s --no-install-recommends "$@" |
                sed -n 's/^Inst \([^ ]*\) .*/\1/p')
        # shellcheck disable=SC2086
        (cd "$work" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -o APT::Sandbox::User=root download $names)
        mkdir -p "$tree/usr/lib/lab/$name"
        for file in "$work"/*.deb; do
                chroot "$tree" dpkg-deb -x "/tmp/$name/${file##*/}" "/usr/lib/lab/$name"
        done
        rm -rf "$work"
}

finish "$1"
