/* daemon/static_text: small answers that no person reads. */
#ifndef LITANG_DAEMON_STATIC_TEXT_H
#define LITANG_DAEMON_STATIC_TEXT_H

enum static_text {
    STATIC_ROBOTS,
    STATIC_STYLE,
    STATIC_HEALTH,
    STATIC_ICON
};

#endif
