# Builds the pages of web/ and makes ${CMAKE_BINARY_DIR}/generated/web_assets.c from them, so that the program carries
# them. Used twice: included by the root CMakeLists.txt, and run with -P by the command it adds.
#
# Without Node (18 or newer), without a network for `npm ci`, or with -DLITANG_WEB=OFF the table is empty, and the
# daemon shows plain tables in place of the pages. That is said, and is no failure.
if(CMAKE_SCRIPT_MODE_FILE)
    set(assets "")
    set(pages "")
    set(body "/* Made by web/embed.cmake. */\n#include \"daemon/web_assets.h\"\n\n")

    # give_up(zh en): plain tables instead. The stamp is not written, so that the next build tries again.
    macro(give_up zh en)
        message("litang-web: ${zh}；/coverage 将显示纯表格 / ${en}; /coverage will show plain tables")
        message("litang-web: 不需要网页：-DLITANG_WEB=OFF / to do without the pages: -DLITANG_WEB=OFF")
        set(failed ON)
    endmacro()

    function(c_bytes file name out)
        file(READ ${file} hex HEX)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
        string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
            "\\1\n" bytes "${bytes}")
        set(${out} "static const unsigned char ${name}[] = {\n${bytes}0};\n\n" PARENT_SCOPE)
    endfunction()

    set(failed OFF)
    file(SHA256 ${WEB}/package-lock.json lock)
    set(installed "")
    if(EXISTS ${WEB}/node_modules/.litang-lock)
        file(READ ${WEB}/node_modules/.litang-lock installed)
    endif()
    if(NOT installed STREQUAL lock)
        message("litang-web: npm ci")
        execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline
            --fetch-retries 1 --fetch-retry-mintimeout 1000
            WORKING_DIRECTORY ${WEB} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
        if(code EQUAL 0)
            file(WRITE ${WEB}/node_modules/.litang-lock ${lock})
        else()
            string(REGEX MATCHALL "npm [^\n]*(error|ERR)[^\n]*" lines "${output}")
            list(SUBLIST lines 0 6 lines) # the rest repeats them
            list(JOIN lines "\n" lines)
            message("${lines}")
            give_up("取不到网页所需的包（npm ci 失败，是否没有网络？）" "the packages for the pages cannot be had (npm ci failed; no network?)")
        endif()
    endif()
    if(NOT failed)
        execute_process(COMMAND ${CMAKE_COMMAND} -E env LITANG_WEB_OUT=${OUT} ${NODE} node_modules/vite/bin/vite.js build --logLevel warn
            WORKING_DIRECTORY ${WEB} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
        if(NOT code EQUAL 0)
            message(FATAL_ERROR "litang-web: ${output}") # a mistake in web/ is not to be passed over
        endif()
        set(number 0)
        file(GLOB files RELATIVE ${OUT} ${OUT}/*.js ${OUT}/*.css)
        foreach(file IN LISTS files)
            c_bytes(${OUT}/${file} ASSET_${number} bytes)
            string(APPEND body "${bytes}")
            if(file MATCHES "\\.css$")
                set(type "text/css; charset=utf-8")
            else()
                set(type "text/javascript; charset=utf-8")
            endif()
            string(APPEND assets "    {\"${file}\", \"${type}\", ASSET_${number}, sizeof ASSET_${number} - 1},\n")
            math(EXPR number "${number} + 1")
        endforeach()
        # The entries of the manifest are the pages; each knows its script, its styles and what it loads later.
        file(READ ${OUT}/manifest.json manifest)
        string(JSON count LENGTH "${manifest}")
        math(EXPR last "${count} - 1")
        foreach(at RANGE ${last})
            string(JSON key MEMBER "${manifest}" ${at})
            string(JSON entry ERROR_VARIABLE none GET "${manifest}" ${key} isEntry)
            if(NOT entry STREQUAL "ON")
                continue()
            endif()
            string(JSON name GET "${manifest}" ${key} name)
            string(JSON script GET "${manifest}" ${key} file)
            string(JSON style GET "${manifest}" ${key} css 0)
            string(JSON later_key GET "${manifest}" ${key} dynamicImports 0)
            string(JSON later GET "${manifest}" ${later_key} file)
            string(APPEND pages "    {\"${name}\", \"${script}\", \"${style}\", \"${later}\"},\n")
        endforeach()
    endif()
    string(APPEND body "const struct web_asset WEB_ASSETS[] = {\n${assets}    {NULL, NULL, NULL, 0},\n};\n\n")
    string(APPEND body "const struct web_page WEB_PAGES[] = {\n${pages}    {NULL, NULL, NULL, NULL},\n};\n")
    file(WRITE ${OUTPUT}.new "${body}")
    file(RENAME ${OUTPUT}.new ${OUTPUT})
    if(NOT failed)
        file(TOUCH ${STAMP})
    endif()
    return()
endif()

# Why there will be no pages, or "".
function(litang_web_obstacle out)
    set(${out} "" PARENT_SCOPE)
    if(NOT LITANG_WEB)
        set(${out} "LITANG_WEB=OFF" PARENT_SCOPE)
        return()
    endif()
    find_program(LITANG_NODE node)
    find_program(LITANG_NPM npm)
    mark_as_advanced(LITANG_NODE LITANG_NPM)
    if(NOT LITANG_NODE OR NOT LITANG_NPM)
        set(${out} "没有找到 node 和 npm / node and npm were not found" PARENT_SCOPE)
        return()
    endif()
    execute_process(COMMAND ${LITANG_NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    string(REGEX MATCH "[0-9]+" major "${version}")
    if(NOT major OR major LESS 18)
        set(${out} "需要 Node 18 或更新，现为 ${version} / Node 18 or newer is needed, this is ${version}" PARENT_SCOPE)
    endif()
endfunction()

function(litang_embed_web target)
    set(output ${CMAKE_BINARY_DIR}/generated/web_assets.c)
    set(script ${CMAKE_SOURCE_DIR}/web/embed.cmake)
    litang_web_obstacle(obstacle)
    if(NOT obstacle STREQUAL "")
        if(LITANG_WEB)
            message(NOTICE "litang-web: ${obstacle}；/coverage 将显示纯表格 / /coverage will show plain tables")
        endif()
        set(output ${CMAKE_BINARY_DIR}/generated/web_assets_none.c)
        file(CONFIGURE OUTPUT ${output} CONTENT "/* Made by web/embed.cmake: no pages. */
#include \"daemon/web_assets.h\"

const struct web_asset WEB_ASSETS[] = {{NULL, NULL, NULL, 0}};
const struct web_page WEB_PAGES[] = {{NULL, NULL, NULL, NULL}};
")
        target_sources(${target} PRIVATE ${output})
        return()
    endif()
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*)
    list(APPEND files ${CMAKE_SOURCE_DIR}/web/package-lock.json ${CMAKE_SOURCE_DIR}/web/package.json
        ${CMAKE_SOURCE_DIR}/web/vite.config.ts ${CMAKE_SOURCE_DIR}/web/tsconfig.json)
    set(stamp ${CMAKE_BINARY_DIR}/generated/web_assets.stamp)
    add_custom_command(OUTPUT ${output} ${stamp}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
        COMMAND ${CMAKE_COMMAND} -DWEB=${CMAKE_SOURCE_DIR}/web -DOUT=${CMAKE_BINARY_DIR}/web -DOUTPUT=${output} -DSTAMP=${stamp}
            -DNODE=${LITANG_NODE} -DNPM=${LITANG_NPM} -P ${script}
        DEPENDS ${files} ${script} COMMENT "Building the pages of web/" VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
